import type { Sample } from '../probe/agent-types.ts';

/** A stretch in which a user saw failures, on the schedule's own time. */
export interface DowntimeWindow {
  /** When the first failed attempt was due. */
  readonly fromMs: number;
  /** When the next success was due; without one, when the last attempt was. */
  readonly toMs: number;
  readonly ms: number;
  /** False when the samples end inside the window: it may have lasted longer. */
  readonly recovered: boolean;
  readonly failures: number;
  /** Failures by class: `refused: ECONNREFUSED` -> 3. */
  readonly classes: Readonly<Record<string, number>>;
}

export interface DowntimeSummary {
  readonly windows: number;
  readonly sumMs: number;
  readonly longestMs: number;
  readonly failures: number;
  readonly attempts: number;
  /** Attempts that say nothing because the tool broke; neither down nor up. */
  readonly inconclusive: number;
}

/** Whether a user would have noticed: no answer, or one that is not what the sampler was told to expect. A broken tool is not a failure. */
export function isFailure({ verdict, error }: Sample): boolean {
  return verdict !== 'inconclusive' && (verdict !== 'open' || error !== undefined);
}

function classesOf(failures: readonly Sample[]): Record<string, number> {
  const groups = Map.groupBy(failures, ({ verdict, error }) =>
    error === undefined ? verdict : `${verdict}: ${error}`,
  );
  return Object.fromEntries([...groups].map(([name, members]) => [name, members.length]));
}

function windowOf(failures: readonly Sample[], next: Sample | undefined): DowntimeWindow {
  const fromMs = failures[0]?.atMs ?? 0;
  const toMs = (next ?? failures.at(-1))?.atMs ?? fromMs;
  const recovered = next !== undefined;
  return { fromMs, toMs, ms: toMs - fromMs, recovered, failures: failures.length, classes: classesOf(failures) };
}

/**
 * Returns the windows from the due time of a first failure to the due time of the next success (OpenShift's
 * definition of disruption); resolution is the schedule's interval, and samples must be in schedule order.
 */
export function downtimeWindows(samples: readonly Sample[]): DowntimeWindow[] {
  const windows: DowntimeWindow[] = [];
  let failures: Sample[] = [];
  for (const sample of samples.filter(({ verdict }) => verdict !== 'inconclusive')) {
    if (isFailure(sample)) {
      failures.push(sample);
    } else if (failures.length > 0) {
      windows.push(windowOf(failures, sample));
      failures = [];
    }
  }
  return failures.length > 0 ? [...windows, windowOf(failures, undefined)] : windows;
}

/** Returns count, sum and longest of the downtime windows, in milliseconds, and what they were seen with. */
export function summariseDowntime(samples: readonly Sample[]): DowntimeSummary {
  const lengths = downtimeWindows(samples).map(({ ms }) => ms);
  return {
    windows: lengths.length,
    sumMs: lengths.reduce((sum, ms) => sum + ms, 0),
    longestMs: Math.max(0, ...lengths),
    failures: samples.filter(isFailure).length,
    attempts: samples.length,
    inconclusive: samples.filter(({ verdict }) => verdict === 'inconclusive').length,
  };
}
