import type { Sample } from '../probe/agent-types.ts';
import { downtimeWindows } from '../disruption/downtime.ts';
import { starvedFailures } from '../disruption/starved.ts';
import { describeProbe } from '../table/probes.ts';
import { explains, type Impact } from './impact.ts';
import type { Lane, SeenCell } from './types.ts';

/** What a lane saw from the injection on, on the harness's own clock. */
export interface LaneSeen {
  readonly lane: Lane;
  readonly samples: readonly Sample[];
  /** What its client saw of its own loopback meanwhile. */
  readonly control: readonly Sample[];
  /** Whether a process at either end did not run for as long as an attempt waits. */
  readonly stalled: boolean;
  /** What `performance.now()` showed when the lane's clock stood at 0. */
  readonly zero: number;
}

/** What was measured of one area under one fault. */
export interface AreaMeasured {
  readonly area: string;
  readonly impact: Impact;
  /** Every look while the fault held. */
  readonly looks: readonly (readonly SeenCell[])[];
  readonly lanes: readonly LaneSeen[];
  /** When the fault was ordered to begin and when to end; one that nobody takes back ends as it begins. */
  readonly injectedAt: number;
  readonly endedAt: number;
  /** Why the table was not as wanted again after it; absent where it was. */
  readonly notRecovered?: string;
}

/** What an area's table came to under a fault. The lists hold lines for people, each once. */
export interface AreaVerdict {
  readonly cells: number;
  /** Got through where nothing may, or were answered by whom they should not. No fault excuses it. */
  readonly leaks: readonly string[];
  /** Lost though the fault does not touch them. */
  readonly unexplained: readonly string[];
  /** Cells lost at least once that the fault explains, and those lost in a single look. */
  readonly lost: readonly string[];
  /** Cells of which no look could tell, and traffic whose ends did not run. */
  readonly unknown: readonly string[];
  /** The longest window in which traffic that should get through did not. */
  readonly downtimeMs: number;
  /** From the end of the fault until all such traffic got through again. */
  readonly recoveryMs: number;
  readonly notRecovered?: string;
}

/** Looks in which a cell must be lost, unexplained, to speak against the network: one may be a machine short of time. */
const looksThatFail = 2;
/** The same for a lane: attempts in a row. */
const attemptsThatFail = 5;

/** Returns what the measurements of one area come to. */
export function judgeArea(measured: AreaMeasured): AreaVerdict {
  const { area, impact, looks, lanes, injectedAt, endedAt, notRecovered } = measured;
  const byKey = Map.groupBy(looks.flat(), ({ key }) => key);
  const inState = (state: SeenCell['state'], least: number) =>
    [...byKey.values()].filter((seen) => seen.filter((one) => one.state === state).length >= least);
  const isExplained = ([first]: readonly SeenCell[]) => first !== undefined && explains(impact, area, first.ends);
  const lost = inState('lost', 1);
  const failing = inState('lost', looksThatFail).filter((seen) => !isExplained(seen));
  const windows = lanes.filter(({ lane }) => !lane.denied).map((one) => windowsOf(one, injectedAt));
  const open = windows.flat();
  const odd = open.filter(({ lane, failures }) => failures >= attemptsThatFail && !explains(impact, area, lane.ends));
  const silence = ({ lane, ms }: (typeof open)[number]) =>
    `${nameOf(lane)}: nothing got through for ${ms.toFixed(0)} ms`;
  return {
    cells: byKey.size,
    leaks: [
      ...[...inState('leak', 1), ...inState('wrong', 1)].map((seen) => told(seen, ['leak', 'wrong'])),
      ...lanes.filter(({ lane }) => lane.denied).flatMap((one) => leakOf(one, injectedAt)),
    ],
    unexplained: [
      ...failing.map((seen) => told(seen, ['lost'])),
      ...odd.filter(({ stalled }) => !stalled).map(silence),
    ],
    lost: lost.filter((seen) => !failing.includes(seen)).map((seen) => told(seen, ['lost'])),
    unknown: [
      ...[...byKey.values()]
        .filter((seen) => seen.every(({ state }) => state === 'unknown'))
        .map((seen) => told(seen, ['unknown'])),
      ...odd.filter(({ stalled }) => stalled).map(silence),
    ],
    downtimeMs: Math.max(0, ...open.map(({ ms }) => ms)),
    recoveryMs: Math.max(0, ...open.map(({ untilAt }) => untilAt - endedAt)),
    ...(notRecovered !== undefined && { notRecovered }),
  };
}

/** Without what a starved machine explains, which is neither down nor up. */
function windowsOf({ lane, samples, control, stalled, zero }: LaneSeen, injectedAt: number) {
  const starved = new Set(starvedFailures(samples, control));
  const told = samples.filter((sample) => sample.atMs + zero >= injectedAt && !starved.has(sample));
  return downtimeWindows(told).map((window) => ({
    ...{ lane, stalled, ms: window.ms, failures: window.failures, untilAt: window.toMs + zero },
  }));
}

function leakOf({ lane, samples, zero }: LaneSeen, injectedAt: number): string[] {
  const since = samples.filter(({ atMs }) => atMs + zero >= injectedAt);
  const open = since.filter(({ verdict }) => verdict === 'open');
  const [first] = open;
  if (first === undefined) return [];
  const after = (first.atMs + zero - injectedAt).toFixed(0);
  return [`${nameOf(lane)}: ${open.length} of ${since.length} got through, the first ${after} ms after the injection`];
}

const nameOf = ({ from, probe }: Lane) => `${from.name} on ${from.node} -> ${describeProbe(probe)}`;

function told(seen: readonly SeenCell[], states: readonly SeenCell['state'][]): string {
  const shown = seen.filter(({ state }) => states.includes(state));
  const row = shown[0]?.row;
  return `${shown[0]?.key ?? ''}: ${row?.measured ?? ''} in ${shown.length} of ${seen.length} looks; expected ${row?.expected ?? ''}`;
}
