import { duration, oneLine, textTable } from '../format.ts';
import { type Paint, plainPaint } from '../paint.ts';
import { className } from '../upgrade/words.ts';
import type { WatchedLane, WatchState } from './model.ts';

/** Returns the live view of a watch: a row for each kind of path and node, what is ill marked, the latest below. */
export function watchView(
  state: WatchState,
  { width, height }: { width: number; height: number },
  paint: Paint = plainPaint,
): string {
  const rows = rowsOf(state.lanes).map(({ cells, isIll }) => ({ cells, isIll }));
  const table = textTable([head, ...rows.map(({ cells }) => cells)], new Set([3, 4, 5, 6, 7])).split('\n');
  const [title = '', ...body] = table;
  const painted = body.map((line, index) => (rows[index]?.isIll === true ? paint('red', line) : line));
  const fixed = [headline(state, paint), '', paint('dim', title)];
  const room = Math.max(3, height - fixed.length - 2);
  const shown = painted.slice(0, room);
  const latest = state.latest.slice(-Math.max(0, room - shown.length - 1));
  const lines = [...fixed, ...shown, '', ...latest.map((line) => paint('dim', line))];
  return lines
    .slice(0, height)
    .map((line) => cut(line, width))
    .join('\n');
}

const head = ['from', 'path', '', 'attempts', 'failed', 'windows', 'down', 'mean'];

function headline({ sinceMs, nowMs, agents, silent, lanes }: WatchState, paint: Paint): string {
  const ill = lanes.filter(({ isIll }) => isIll).length;
  const health = ill === 0 ? paint('green', 'all paths well') : paint('red', `${ill} of ${lanes.length} lanes ill`);
  const unheard = silent === 0 ? '' : paint('yellow', `, ${silent} not heard (they go on by themselves)`);
  return `${paint('bold', 'ordeal watch')} for ${duration(nowMs - sinceMs)}: ${health}; ${agents} agents${unheard}`;
}

function rowsOf(lanes: readonly WatchedLane[]): { cells: string[]; isIll: boolean }[] {
  const ways = Map.groupBy(lanes, ({ class: kind, from, to }) => `${from}\n${kind}\n${to}`);
  const rows = [...ways.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const sum = (of: (lane: WatchedLane) => number) => members.reduce((all, lane) => all + of(lane), 0);
    const answered = sum((lane) => lane.answered);
    const harm = (of: 'count' | 'seconds') => sum(({ windows }) => windows.down[of] + windows.leak[of]);
    const mean =
      answered === 0 || first.expected === 'closed'
        ? ''
        : duration((sum((lane) => lane.answerSeconds) / answered) * 1_000);
    const isIll = members.some((lane) => lane.isIll);
    const counts = [sum((lane) => lane.attempts), sum((lane) => lane.failed), harm('count')].map(String);
    return [
      { cells: [first.from, first.to, className(first), ...counts, duration(harm('seconds') * 1_000), mean], isIll },
    ];
  });
  return rows.toSorted((a, b) => Number(b.isIll) - Number(a.isIll));
}

/** Escape sequences take no room, and a line that is too long would wrap and tear the picture. */
function cut(line: string, width: number): string {
  return line.includes('\u001b') ? line : oneLineKeepingBlanks(line, width);
}

const oneLineKeepingBlanks = (line: string, width: number) =>
  line.length <= width ? line : `${line.slice(0, width - 1)}…`;

/** Returns one line for logs of CI. */
export function watchLine({ sinceMs, nowMs, lanes, agents, silent }: WatchState): string {
  const attempts = lanes.reduce((sum, lane) => sum + lane.attempts, 0);
  const failed = lanes.reduce((sum, lane) => sum + lane.failed, 0);
  const ill = lanes.filter(({ isIll }) => isIll).map(({ from, to, transport }) => `${from} -> ${to} ${transport}`);
  const told =
    ill.length === 0
      ? 'all paths well'
      : `ill: ${ill.slice(0, 3).join(', ')}${ill.length > 3 ? ` and ${ill.length - 3} more` : ''}`;
  return oneLine(
    `${duration(nowMs - sinceMs)}: ${attempts} attempts, ${failed} failed; ${told}; ${agents - silent} of ${agents} agents heard`,
    200,
  );
}
