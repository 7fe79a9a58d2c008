import type { WindowKind } from '../events/upgrade-events.ts';
import type { SeenWindow } from '../upgrade/collector.ts';
import { harnessNowMs } from '../upgrade/harness-clock.ts';
import { describeLane, type Lane } from '../upgrade/lane.ts';
import type { Totals } from '../upgrade/lane-book.ts';
import type { Watched } from '../upgrade/run-upgrade.ts';
import type { WatchedLane, WatchState } from '../../reports/watch/model.ts';

const mostLatest = 50;

/** Returns what a watch shows now. */
export function watchState({ collector, windows }: Watched, sinceMs: number): WatchState {
  const nowMs = harnessNowMs();
  const byLane = Map.groupBy(windows, ({ lane }) => lane.id);
  const lanes = [...collector.lanes.values()].flatMap((lane) => {
    const book = collector.books.get(lane.id);
    if (book === undefined) return [];
    const { before, during } = book.totals;
    return [laneState(lane, { totals: [before, during], isIll: book.isDown, windows: byLane.get(lane.id) ?? [] })];
  });
  const latest = windows.slice(-mostLatest).map(latestLine);
  return { sinceMs, nowMs, ...collector.heard(nowMs), lanes, latest };
}

interface Seen {
  readonly totals: readonly Totals[];
  readonly isIll: boolean;
  readonly windows: readonly SeenWindow[];
}

function laneState(lane: Lane, { totals, isIll, windows }: Seen): WatchedLane {
  const sum = (of: (one: Totals) => number) => totals.reduce((all, one) => all + of(one), 0);
  const { class: kind, client, to, transport, connections, expected } = lane;
  return {
    ...{ class: kind, from: client.node, to, transport, connections, expected, isIll },
    attempts: sum((one) => one.attempts),
    failed: sum((one) => one.failed),
    lost: sum((one) => one.lost + one.unknown),
    cuts: sum((one) => one.cuts),
    answered: sum((one) => one.attempts - one.failed - one.unknown),
    answerSeconds: sum((one) => one.wellUs) / 1e6,
    windows: windowsByKind(windows),
  };
}

function windowsByKind(windows: readonly SeenWindow[]): WatchedLane['windows'] {
  const of = (kind: WindowKind) => {
    const those = windows.filter((window) => window.kind === kind);
    return { count: those.length, seconds: those.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) / 1_000 };
  };
  return { down: of('down'), leak: of('leak'), lost: of('lost'), starved: of('starved') };
}

function latestLine({ kind, fromMs, toMs, lane }: SeenWindow): string {
  return `${new Date(fromMs).toISOString().slice(11, 23)} ${kind} ${Math.round(toMs - fromMs)} ms: ${describeLane(lane)}`;
}
