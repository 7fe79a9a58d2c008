import { Stage, Status } from 'allure-js-commons';
import type { FixtureResult, StepResult, TestResult, TestResultContainer } from 'allure-js-commons';
import { FileSystemWriter } from 'allure-js-commons/sdk/reporter';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setupFailed } from '../../harness/events/exit-code.ts';
import type { RunRecord, StepEvent } from '../../harness/events/record.ts';
import { columnOf } from '../subject.ts';
import { runConclusion } from '../verdict.ts';
import { attachmentsOf } from './attachments.ts';
import { allureId, uuidOf } from './identity.ts';
import { environmentOf, executorOf } from './environment.ts';
import { resultOf } from './result.ts';
import { categories } from './status.ts';

/**
 * Writes `folder` afresh as Allure results: one result per case with its attachments, the bring-up steps as set-up of
 * all of them, categories, environment and executor. A run that broke by itself adds one broken result.
 */
export function writeAllureResults(run: RunRecord, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const writer = new FileSystemWriter({ resultsDir: folder });
  const results = [...run.cases.map((one) => resultOf(run, one)), ...runItself(run)];
  for (const result of results) writer.writeResult(result);
  for (const file of run.cases.flatMap((one) => attachmentsOf(run, one))) {
    // Not through the writer: it syncs each file to disk, and there are thousands that the log can give again.
    writeFileSync(join(folder, file.source), file.content);
  }
  if (run.steps.length > 0) writer.writeGroup(fixturesOf(run, results));
  writer.writeCategoriesDefinitions(categories());
  writer.writeEnvironmentInfo(environmentOf(run));
  writeFileSync(join(folder, 'executor.json'), JSON.stringify(executorOf(run), undefined, 2));
}

/** Steps that ended before the first case began are set-up; those begun after the last one ended, tear-down. */
function fixturesOf(run: RunRecord, results: readonly TestResult[]): TestResultContainer {
  const started = run.cases.flatMap((one) => (one.startedAt === undefined ? [] : [Date.parse(one.startedAt)]));
  const ended = results.map((result) => result.stop ?? 0);
  const steps = run.steps.map(fixtureOf);
  const before = steps.filter((step) => (step.stop ?? 0) <= Math.min(...started));
  const after = steps.filter((step) => started.length > 0 && (step.start ?? 0) >= Math.max(...ended));
  return {
    uuid: uuidOf(run.runId, 'fixtures'),
    name: 'cluster',
    children: results.map((result) => result.uuid),
    befores: whole('bring-up', before),
    afters: whole('tear-down', after),
  };
}

function whole(name: string, steps: StepResult[]): FixtureResult[] {
  if (steps.length === 0) return [];
  const status = steps.some((step) => step.status === Status.FAILED) ? Status.BROKEN : Status.PASSED;
  const start = Math.min(...steps.map((step) => step.start ?? 0));
  const stop = Math.max(...steps.map((step) => step.stop ?? 0));
  return [{ ...fixture(name, status, start, stop), steps }];
}

/** The log stamps a step when it ends. */
function fixtureOf(step: StepEvent): StepResult {
  const stop = Date.parse(step.at);
  const status = step.outcome === 'ok' ? Status.PASSED : Status.FAILED;
  const details = step.error === undefined ? {} : { message: step.error };
  return { ...fixture(step.title, status, Math.round(stop - step.ms), stop), statusDetails: details };
}

function fixture(name: string, status: Status, start: number, stop: number): FixtureResult {
  const empty = { steps: [], attachments: [], parameters: [] };
  return { name, status, statusDetails: {}, stage: Stage.FINISHED, start, stop, ...empty };
}

function runItself(run: RunRecord): TestResult[] {
  if (!setupFailed(run) && run.finished !== undefined) return [];
  const { word, because } = runConclusion(run);
  const labels = [
    { name: 'parentSuite', value: columnOf(run) },
    { name: 'suite', value: 'ordeal' },
  ];
  const stop = Date.parse(run.endedAt);
  return [
    {
      ...fixture('the run itself', Status.BROKEN, Date.parse(run.startedAt), stop),
      uuid: uuidOf(run.runId, 'run'),
      fullName: 'ordeal.run',
      testCaseId: allureId('ordeal.run'),
      historyId: allureId('ordeal.run'),
      statusDetails: { message: `Run: ${word.toLowerCase()}: ${because}` },
      labels,
      links: [],
    },
  ];
}
