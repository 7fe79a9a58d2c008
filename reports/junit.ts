import { setupFailed } from '../harness/events/exit-code.ts';
import { executedCases, nameOf, reasonOf, statusOf } from '../harness/events/record.ts';
import type { CaseRecord, RunRecord, CaseStatus } from '../harness/events/record.ts';
import { escapeXml, escapeXmlAttribute } from './escape.ts';
import { quantity } from './format.ts';
import { faultLine } from './faults.ts';
import { latenciesOfCase, latencyLine } from './latencies.ts';
import { measureName } from './spreads.ts';
import { columnOf, imageSourceOf } from './subject.ts';
import { deviantTables } from './table-grid.ts';
import { tableText } from './table-text.ts';
import { byArea } from './tally.ts';
import { underFaultLine } from './under-fault.ts';
import { runConclusion } from './verdict.ts';

interface Testcase {
  readonly name: string;
  readonly suite: string;
  readonly ms: number;
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped';
  readonly message: string;
  readonly body: string;
  readonly out: string;
}

const longestOut = 16_000;

/** A known failure is `skipped` as in other tools' expected failures: JUnit readers must agree with exit code 0. */
const kinds: Readonly<Record<CaseStatus, Testcase['kind']>> = {
  passed: 'passed',
  'unexpected-pass': 'passed',
  failed: 'failure',
  inconclusive: 'error',
  'known-failure': 'skipped',
  unsupported: 'skipped',
  skipped: 'skipped',
  'not-run': 'skipped',
};

/**
 * Returns JUnit XML as Jenkins' xunit schema (junit-10.xsd) and Surefire readers take it: one suite per area, times in
 * seconds, environment as properties. A run that broke by itself carries an errored `ordeal.run` case, so that a CI
 * never shows an empty, green list.
 */
export function junitXml(run: RunRecord): string {
  const suites = [...byArea(run.cases)].map(([area, cases]) => ({ name: area, cases: cases.map(testcaseOf) }));
  const all = [...suites, ...runItself(run)];
  const counts = countAttributes(all.flatMap(({ cases }) => cases));
  const body = all.map((suite, id) => suiteXml(suite, id, run)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="ordeal"${counts}>\n${body}</testsuites>\n`;
}

function testcaseOf(one: CaseRecord): Testcase {
  const status = statusOf(one);
  const reason = reasonOf(one);
  const message = status === 'failed' || reason === '' ? reason : `${status.replace('-', ' ')}: ${reason}`;
  const body = one.result?.trace ?? reason;
  return {
    name: `${nameOf(one)}: ${one.title}`,
    suite: one.area,
    ms: one.result?.ms ?? 0,
    kind: kinds[status],
    message,
    body,
    out: outOf(one),
  };
}

function outOf(one: CaseRecord): string {
  const { source, tags, parameters, measures, steps, attachments, faults } = one;
  return [
    `tier: ${one.tier}`,
    ...(tags.length > 0 ? [`tags: ${tags.join(', ')}`] : []),
    ...(source === undefined ? [] : [`source: ${source}`]),
    ...(statusOf(one) === 'unexpected-pass' ? ['unexpected pass: the baseline expects this case to fail'] : []),
    ...underFaultLine(one),
    ...parameters.map(({ name, value }) => `${name}: ${value}`),
    ...steps.map(
      (step) => `step ${quantity(step.ms, 'ms')}: ${step.title}${step.error === undefined ? '' : ` - ${step.error}`}`,
    ),
    ...faults.map(faultLine),
    ...measures.map((one) => `${measureName(one)}: ${quantity(one.value, one.unit)}`),
    ...latenciesOfCase(one).map(latencyLine),
    ...deviantTables(one).map((table) => `--- table ${cut(tableText(table))}`),
    ...attachments.filter(isWorthPrinting(one)).map(({ name, content }) => `--- ${name}\n${cut(content.trimEnd())}`),
  ].join('\n');
}

/** CI servers keep JUnit output in memory; the run log has everything. */
function cut(content: string): string {
  return content.length <= longestOut ? content : `${content.slice(0, longestOut)}\n... cut; whole in run.ndjson`;
}

function isWorthPrinting(one: CaseRecord): (attachment: CaseRecord['attachments'][number]) => boolean {
  const quiet = statusOf(one) === 'passed';
  return ({ mime }) => !quiet && mime === 'text/plain';
}

function runItself(run: RunRecord): { name: string; cases: Testcase[] }[] {
  const torn = run.finished === undefined;
  if (!torn && !setupFailed(run) && executedCases(run).length > 0) return [];
  const { word, because } = runConclusion(run);
  const out = run.steps.map((step) => `${step.outcome} ${quantity(step.ms, 'ms')}: ${step.title}`).join('\n');
  const message = `${word.toLowerCase()}: ${because}`;
  return [
    {
      name: 'ordeal',
      cases: [{ name: 'ordeal.run', suite: 'ordeal', ms: 0, kind: 'error', message, body: because, out }],
    },
  ];
}

function suiteXml(suite: { name: string; cases: Testcase[] }, id: number, run: RunRecord): string {
  const skipped = suite.cases.filter((one) => one.kind === 'skipped').length;
  const place = ` skipped="${skipped}" timestamp="${run.startedAt.slice(0, 19)}" id="${id}" package="ordeal.${escapeXmlAttribute(suite.name)}"`;
  const open = `  <testsuite name="${escapeXmlAttribute(suite.name)}"${countAttributes(suite.cases)}${place}>\n`;
  return `${open}${propertiesXml(run)}${suite.cases.map(testcaseXml).join('')}  </testsuite>\n`;
}

function propertiesXml(run: RunRecord): string {
  const { word, because } = runConclusion(run);
  const cluster = run.environment?.cluster;
  const pairs = {
    run: run.runId,
    version: run.ordeal,
    verdict: `${word}: ${because}`,
    network: columnOf(run),
    kubernetes: cluster?.kubernetes,
    images: imageSourceOf(run),
  };
  const lines = Object.entries(pairs).flatMap(([name, value]) =>
    value === undefined ? [] : [`      <property name="ordeal.${name}" value="${escapeXmlAttribute(value)}"/>\n`],
  );
  return `    <properties>\n${lines.join('')}    </properties>\n`;
}

function testcaseXml(one: Testcase): string {
  const name = escapeXmlAttribute(one.name);
  const open = `    <testcase name="${name}" classname="ordeal.${escapeXmlAttribute(one.suite)}" time="${seconds(one.ms)}">\n`;
  const out = one.out === '' ? '' : `      <system-out>${escapeXml(one.out)}</system-out>\n`;
  return `${open}${problemXml(one)}${out}    </testcase>\n`;
}

function problemXml({ kind, message, body }: Testcase): string {
  if (kind === 'passed') return '';
  if (kind === 'skipped') return `      <skipped message="${escapeXmlAttribute(message)}"/>\n`;
  const type = kind === 'failure' ? 'failed' : 'inconclusive';
  return `      <${kind} type="${type}" message="${escapeXmlAttribute(message)}">${escapeXml(body)}</${kind}>\n`;
}

function countAttributes(cases: readonly Testcase[]): string {
  const count = (kind: Testcase['kind']): number => cases.filter((one) => one.kind === kind).length;
  const ms = cases.reduce((sum, one) => sum + one.ms, 0);
  return ` tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" time="${seconds(ms)}"`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
