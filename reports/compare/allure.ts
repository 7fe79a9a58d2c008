import { LabelName, Stage, Status } from 'allure-js-commons';
import type { Label, StepResult, TestResult } from 'allure-js-commons';
import { FileSystemWriter } from 'allure-js-commons/sdk/reporter';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../harness/base/make-folder.ts';
import { allureId, uuidOf } from '../allure/identity.ts';
import { html } from '../html/markup.ts';
import { page } from '../html/run-page.ts';
import { roundsPlot } from './charts.ts';
import { comparisonCsv } from './csv.ts';
import { comparisonMarkdown } from './markdown.ts';
import type { ComparedMetric, Comparison, Difference } from './model.ts';
import { comparisonPage } from './page.ts';
import { differenceText, metricName, verdictText } from './words.ts';

/**
 * Writes `folder` afresh as Allure results: one result a metric, a step a difference, its rounds as a chart and as CSV;
 * and one for the comparison, which the whole page hangs on. What nobody can judge is skipped there, never passed.
 */
export function writeComparisonAllure(comparison: Comparison, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  makeFolder(folder);
  const writer = new FileSystemWriter({ resultsDir: folder });
  const whole = [
    { name: 'comparison', type: 'text/html', end: 'html', content: comparisonPage(comparison) },
    { name: 'values', type: 'text/csv', end: 'csv', content: comparisonCsv(comparison) },
    { name: 'summary', type: 'text/plain', end: 'txt', content: comparisonMarkdown(comparison) },
  ];
  const results = [
    { result: resultOf(comparison, 'the comparison', gateStatus(comparison), []), files: whole },
    ...comparison.metrics.map((metric) => ({
      result: resultOf(
        comparison,
        `${metric.area}: ${metricName(metric)}`,
        statusOf(metric, comparison),
        steps(metric),
      ),
      files: filesOf(comparison, metric),
    })),
  ];
  for (const { result, files } of results) {
    const attachments = files.map(({ name, type, end, content }, index) => {
      const source = `${uuidOf(result.uuid, String(index))}-attachment.${end}`;
      writeFileSync(join(folder, source), content);
      return { name, type, source };
    });
    writer.writeResult({ ...result, attachments });
  }
}

function filesOf(comparison: Comparison, metric: ComparedMetric) {
  const chart = page(metricName(metric), [html`<p class="soft">${metric.load}</p>`, roundsPlot(metric)]);
  const values = comparisonCsv({ ...comparison, metrics: [metric] });
  return [
    { name: 'every round', type: 'text/html', end: 'html', content: chart },
    { name: 'values', type: 'text/csv', end: 'csv', content: values },
  ];
}

interface Standing {
  readonly status: Status;
  readonly message?: string;
}

function gateStatus({ gate }: Comparison): Standing {
  if (gate === undefined) return { status: Status.PASSED, message: 'No gate was asked for.' };
  const statuses = { passed: Status.PASSED, failed: Status.FAILED, undecided: Status.BROKEN } as const;
  return { status: statuses[gate.outcome], message: gate.reasons.join('\n') };
}

/** To be worse than another network is no failure, unless a gate says so. */
function statusOf({ differences }: ComparedMetric, { gate }: Comparison): Standing {
  if (differences.length === 0) return { status: Status.SKIPPED, message: 'Only one network was measured.' };
  if (differences.every(({ why }) => why === 'too few rounds')) {
    return { status: Status.SKIPPED, message: 'Too few rounds for a verdict.' };
  }
  const worse = gate !== undefined && differences.some((one) => failsBy(one, gate.limit));
  return worse ? { status: Status.FAILED, message: 'Shown to be worse.' } : { status: Status.PASSED };
}

const failsBy = ({ verdict, relative }: Difference, limit: number): boolean =>
  verdict === 'worse' && (relative === null || Math.abs(relative.difference) >= limit);

function steps({ differences, unit }: ComparedMetric): StepResult[] {
  return differences.map((one) => ({
    name: `${one.subject} against ${one.reference}: ${differenceText(one, unit)}, ${verdictText(one)}`,
    status: one.why === 'too few rounds' ? Status.SKIPPED : Status.PASSED,
    statusDetails: {},
    stage: Stage.FINISHED,
    steps: [],
    attachments: [],
    parameters: [],
  }));
}

function resultOf(
  { subjects }: Comparison,
  name: string,
  { status, message }: Standing,
  own: readonly StepResult[],
): TestResult {
  const networks = subjects.map((one) => one.name).join(' against ');
  const start = Math.min(...subjects.flatMap(({ runs }) => runs.map(({ startedAt }) => Date.parse(startedAt))));
  const label = (of: string, value: string): Label => ({ name: of, value });
  return {
    uuid: uuidOf(networks, name, String(start)),
    name,
    fullName: `ordeal.compare.${name}`,
    testCaseId: allureId('compare', name),
    historyId: allureId('compare', networks, name),
    status,
    statusDetails: message === undefined ? {} : { message },
    stage: Stage.FINISHED,
    start,
    stop: start,
    steps: [...own],
    attachments: [],
    parameters: subjects.map((one) => ({ name: one.name, value: one.network, excluded: true })),
    labels: [
      label(LabelName.PARENT_SUITE, networks),
      label(LabelName.SUITE, 'comparison'),
      label('framework', 'ordeal'),
    ],
    links: [],
  };
}
