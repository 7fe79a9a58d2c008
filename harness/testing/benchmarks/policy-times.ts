import type { Recorder } from '../../events/case-recorder.ts';
import type { RunEvent } from '../../events/types.ts';
import { nearestRank } from '../../measure/statistics.ts';

/** Where the time of a run of policy cases went; lists in milliseconds. */
export interface PolicyTimes {
  readonly cases: number;
  /** From the first case's start to the last one's end. */
  readonly seconds: number;
  readonly outcomes: ReadonlyMap<string, number>;
  readonly step: readonly number[];
  readonly effect: readonly number[];
  readonly agreement: readonly number[];
}

const isEnd = (event: RunEvent) => event.type === 'case.finished';

/** Returns the times of a run's log. A case that did not apply took no time and is not counted. */
export function timesOf(log: readonly RunEvent[]): PolicyTimes {
  const ends = log.filter(isEnd).filter(({ outcome }) => outcome !== 'skipped' && outcome !== 'unsupported');
  const starts = log.filter((event) => event.type === 'case.started');
  const at = (event: RunEvent | undefined) => Date.parse(event?.at ?? '');
  const counts = Map.groupBy(ends, ({ outcome }) => outcome);
  const measured = (metric: string) =>
    log.flatMap((event) => (event.type === 'case.measure' && event.metric === metric ? [event.value] : []));
  const effect = measured('policy_effect');
  const agreement = measured('policy_agreement');
  return {
    cases: ends.length,
    seconds: (at(ends.at(-1)) - at(starts[0])) / 1000,
    outcomes: new Map([...counts].map(([outcome, all]) => [outcome, all.length])),
    step: effect.map((ms, index) => ms + (agreement[index] ?? 0)),
    effect,
    agreement,
  };
}

/** Records the times of a run of policy cases. */
export function recordTimes(recorder: Recorder, { cases, seconds, step, effect, agreement }: PolicyTimes): void {
  recorder.measure('cases', cases, 'count');
  recorder.measure('cases_per_second', cases / seconds, 'per_second');
  for (const ms of step) recorder.measure('step_time', ms, 'ms');
  for (const ms of effect) recorder.measure('policy_effect', ms, 'ms');
  for (const ms of agreement) recorder.measure('policy_agreement', ms, 'ms');
}

/** Returns `title: median 812 ms, p90 1440 ms, max 3100 ms (n 284)`. */
export function spreadLine(title: string, values: readonly number[]): string {
  const at = (q: number) => `${nearestRank(values, q)?.toFixed(0) ?? '?'} ms`;
  if (values.length === 0) return `${title}: not measured`;
  return `${title}: median ${at(0.5)}, p90 ${at(0.9)}, max ${at(1)} (n ${values.length})`;
}
