import type { RunEvent } from '../events/types.ts';
import type { Collector, SeenWindow } from './collector.ts';
import type { LaneOutcome } from './judge.ts';

/** Returns what became of every lane, with the windows that ended after the act began. */
export function outcomesOf(collector: Collector, seen: readonly SeenWindow[], markMs: number): LaneOutcome[] {
  const windows = Map.groupBy(seen, ({ lane }) => lane.id);
  return [...collector.lanes.values()].flatMap((lane) => {
    const book = collector.books.get(lane.id);
    if (book === undefined) return [];
    const during = (windows.get(lane.id) ?? []).filter(({ toMs }) => toMs >= markMs);
    return [{ lane, ...book.totals, windows: during }];
  });
}

/** Whether a path that should answer does not, as far as is known now. */
export function isDownNow(collector: Collector): boolean {
  return [...collector.lanes.values()].some((lane) => {
    const book = collector.books.get(lane.id);
    if (book === undefined || !book.isDown) return false;
    const { attempts, failed } = book.totals.before;
    // What never worked does not come back either.
    return attempts > failed;
  });
}

/** Returns the window as it stands in the log. */
export function windowEvent({
  lane,
  kind,
  fromMs,
  toMs,
  attempts,
  recovered,
  classes,
}: SeenWindow): Omit<Extract<RunEvent, { type: 'window' }>, 'at'> {
  const from = new Date(fromMs).toISOString();
  return {
    ...{ type: 'window', lane: lane.id, kind, from, ms: Math.max(0, toMs - fromMs) },
    ...{ attempts, recovered, classes: { ...classes } },
  };
}
