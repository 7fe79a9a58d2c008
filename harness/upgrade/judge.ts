import type { UpgradeVerdict } from '../events/upgrade-events.ts';
import { budgetOf, type BudgetFile } from './budget.ts';
import { describeLane, type Lane } from './lane.ts';
import type { LaneWindow, Totals } from './lane-book.ts';

/** All that is known of one lane when the session is over. */
export interface LaneOutcome {
  readonly lane: Lane;
  readonly before: Totals;
  readonly during: Totals;
  /** Those that began in the upgrade. */
  readonly windows: readonly LaneWindow[];
}

/** What happened beside the lanes. */
export interface Circumstances {
  /** Undefined: there was no command to end. */
  readonly commandFailed: string | undefined;
  /** Cases that passed before and do not now. */
  readonly worse: readonly string[];
  /** Why conformance is not known before or after. */
  readonly unjudged: readonly string[];
}

export interface Judgement {
  readonly verdict: UpgradeVerdict;
  readonly reasons: readonly string[];
  /** What became of each lane: its part of the verdict, and why. */
  readonly lanes: ReadonlyMap<string, LaneJudgement>;
}

export type LaneState = 'unharmed' | 'disturbed' | 'over budget' | 'leaked' | 'unknown' | 'broken before';

export interface LaneJudgement {
  readonly state: LaneState;
  readonly reason: string;
}

/** Returns the verdict on an upgrade: what is proven bad comes before what is not known. */
export function judge(outcomes: readonly LaneOutcome[], file: BudgetFile, around: Circumstances): Judgement {
  const lanes = new Map(outcomes.map((outcome) => [outcome.lane.id, judgeLane(outcome, file)]));
  const told = (...states: readonly LaneState[]) =>
    outcomes.flatMap(({ lane }) => {
      const judged = lanes.get(lane.id);
      return judged !== undefined && states.includes(judged.state) ? [`${describeLane(lane)}: ${judged.reason}`] : [];
    });
  const bad = [
    ...(around.commandFailed === undefined ? [] : [around.commandFailed]),
    ...told('leaked'),
    ...told('over budget'),
    ...around.worse.map((id) => `${id} passed before and does not after`),
  ];
  if (bad.length > 0) return { verdict: 'unsafe', reasons: bad, lanes };
  const unknown = [...around.unjudged, ...told('unknown')];
  const judged = [...lanes.values()].filter(({ state }) => state === 'unharmed' || state === 'disturbed');
  if (judged.length === 0) unknown.push('no path was sampled that worked before');
  if (unknown.length > 0) return { verdict: 'inconclusive', reasons: unknown, lanes };
  const disturbed = told('disturbed');
  if (disturbed.length > 0) return { verdict: 'safe with downtime', reasons: disturbed, lanes };
  return { verdict: 'safe', reasons: [`no attempt failed on any of ${judged.length} paths`], lanes };
}

function judgeLane({ lane, before, during, windows }: LaneOutcome, file: BudgetFile): LaneJudgement {
  const answered = before.attempts - before.failed - before.unknown;
  if (before.attempts > 0 && answered === 0) return { state: 'broken before', reason: brokenBefore(lane) };
  const budget = budgetOf(file, lane.class);
  const leaks = windows.filter(({ kind }) => kind === 'leak');
  if (sumOf(leaks) > budget.leakMs || (leaks.length > 0 && budget.leakMs === 0))
    return { state: 'leaked', reason: `forbidden traffic got through: ${describeWindows(leaks)}` };
  const down = windows.filter(({ kind }) => kind === 'down');
  const failed = down.reduce((sum, { attempts }) => sum + attempts, 0);
  // The windows of what is tried twice a minute are as long as that, whatever happened.
  const isTimed = lane.connections !== 'idle';
  const over = [
    ...(isTimed ? exceeded('longest window', longestOf(down), budget.longestMs, 'ms') : []),
    ...(isTimed ? exceeded('downtime in all', sumOf(down), budget.sumMs, 'ms') : []),
    ...exceeded('attempts that failed', failed, budget.failed, ''),
  ];
  if (over.length > 0) return { state: 'over budget', reason: `${over.join(', ')}: ${describeWindows(down)}` };
  const unseen = during.lost + during.unknown + starvedIn(windows);
  const all = during.attempts + during.lost;
  if (all === 0 || unseen / all > file.lostShare)
    return { state: 'unknown', reason: `${unseen} of ${all} attempts were lost or starved` };
  if (down.length > 0) return { state: 'disturbed', reason: describeWindows(down) };
  if (leaks.length > 0) return { state: 'disturbed', reason: describeWindows(leaks) };
  if (during.cuts > 0) return { state: 'disturbed', reason: `a kept connection was cut ${during.cuts} times` };
  return { state: 'unharmed', reason: '' };
}

function brokenBefore({ expected }: Lane): string {
  return expected === 'closed'
    ? 'it was open before as well: nothing enforces policies here'
    : 'it did not answer before the upgrade either';
}

function exceeded(what: string, value: number, most: number, unit: string): string[] {
  return value > most ? [`${what} ${Math.round(value)} ${unit}`.trim() + ` over ${most}`] : [];
}

const lengthOf = ({ fromMs, toMs }: LaneWindow) => toMs - fromMs;
const sumOf = (windows: readonly LaneWindow[]) => windows.reduce((sum, window) => sum + lengthOf(window), 0);
const longestOf = (windows: readonly LaneWindow[]) => Math.max(0, ...windows.map(lengthOf));

function starvedIn(windows: readonly LaneWindow[]): number {
  return windows.filter(({ kind }) => kind === 'starved').reduce((sum, { attempts }) => sum + attempts, 0);
}

const mostTold = 3;

/** Returns `down 2.9 s from 22:01:03.120 (5 attempts, dropped: timeout)`, the longest first. */
export function describeWindows(windows: readonly LaneWindow[]): string {
  const longest = windows.toSorted((a, b) => lengthOf(b) - lengthOf(a));
  const told = longest.slice(0, mostTold).map((window) => {
    const at = new Date(window.fromMs).toISOString().slice(11, 23);
    const open = window.recovered ? '' : ' and not over';
    return `${window.kind} ${Math.round(lengthOf(window))} ms from ${at}${open} (${window.attempts} attempts, ${Object.keys(window.classes).join(', ')})`;
  });
  const more = windows.length - told.length;
  return [...told, ...(more > 0 ? [`${more} more`] : [])].join('; ');
}
