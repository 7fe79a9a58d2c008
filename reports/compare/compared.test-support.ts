import { LatencyHistogram } from '../../harness/measure/histogram.ts';
import { folderOf } from '../../harness/events/fold.ts';
import type { RunRecord } from '../../harness/events/record.ts';
import { logVersion, type Outcome, type RunEvent } from '../../harness/events/types.ts';
import type { Series } from './model.ts';
import type { NamedRun } from './samples.ts';

const at = '2026-11-27T12:00:00.000Z';

interface InventedCase {
  readonly id: string;
  readonly outcome?: Outcome;
  /** Of a log that holds several subjects. */
  readonly of?: { readonly subject: string; readonly round: string };
  readonly values?: Readonly<Record<string, readonly number[]>>;
  readonly latenciesUs?: readonly number[];
}

/** Returns an invented finished run whose cases measured these values, in ms. */
export function inventedRun(runId: string, cases: readonly InventedCase[]): RunRecord {
  const start = {
    type: 'run.started',
    at,
    logVersion,
    runId,
    ordeal: '0',
    command: 'run',
    argv: [] as string[],
  } as const;
  const folder = folderOf({ ...start, imageSource: 'none' });
  for (const event of cases.flatMap(eventsOf)) folder.add(event);
  folder.add({ type: 'run.finished', at, exitCode: 0, ms: 1 });
  return folder.record();
}

function eventsOf({ id, outcome = 'passed', of, values = {}, latenciesUs }: InventedCase): RunEvent[] {
  const key = { at, id, ...(of === undefined ? {} : { variant: `${of.subject} ${of.round}` }) };
  const parameters = Object.entries(of ?? {}).map(([name, value]): RunEvent => {
    return { ...key, type: 'case.parameter', name, value };
  });
  const measures = Object.entries(values).flatMap(([metric, all]) =>
    all.map((value): RunEvent => ({ ...key, type: 'case.measure', metric, unit: 'ms', value, labels: {} })),
  );
  const end: RunEvent = { ...key, type: 'case.finished', outcome, baseline: 'as-expected', reason: 'invented', ms: 1 };
  const about = { title: id, area: 'invented', tags: [], needs: [] };
  const planned: RunEvent = { ...key, type: 'case.planned', ...about, tier: 'core' };
  const told = latenciesUs === undefined ? [] : [histogramEvent(key, latenciesUs)];
  return [planned, ...parameters, ...measures, ...told, end];
}

function histogramEvent(key: { at: string; id: string; variant?: string }, latenciesUs: readonly number[]): RunEvent {
  const histogram = new LatencyHistogram();
  latenciesUs.forEach((us) => histogram.record(us));
  return { ...key, type: 'case.histogram', metric: 'latency', unit: 'us', labels: {}, encoded: histogram.encode() };
}

/** Returns runs that measured one value each, as rounds of one subject. */
export function rounds(subject: string, metric: string, values: readonly number[]): NamedRun[] {
  return values.map((value, index) => {
    const run = inventedRun(`${subject}-${index}`, [{ id: 'invented-case', values: { [metric]: [value] } }]);
    return { subject, chosen: true, run };
  });
}

/** Returns a series of values by subject, a round each. */
export function inventedSeries(
  id: string,
  better: Series['better'],
  subjects: Readonly<Record<string, readonly number[]>>,
): Series {
  const values = Object.entries(subjects).flatMap(([subject, own]) =>
    own.map((value, index) => ({ subject, round: String(index), value, count: 1 })),
  );
  const about = { area: 'invented', labels: {}, cases: [] };
  return { id, metric: id, title: id, unit: 'ms', better, load: 'invented', ...about, values };
}
