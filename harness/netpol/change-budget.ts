import { median } from '../measure/statistics.ts';

/** One try of a change: how long it took on the path that obeyed last. */
export interface ChangeTry {
  readonly ms: number;
  readonly path: string;
}

/** So many tries that agree decide: one alone may have met a machine that was busy with something else. */
const agreeing = 3;

/** Whether these tries tell if a change is in time: so many were, or so many were not. */
export function isDecided(tries: readonly ChangeTry[], budgetMs: number): boolean {
  const late = tries.filter(({ ms }) => ms > budgetMs).length;
  return Math.max(late, tries.length - late) >= agreeing;
}

/** Returns undefined where most tries were in time, else what came late: how late at the median, and on which path. */
export function describeLate(what: string, tries: readonly ChangeTry[], budgetMs: number): string | undefined {
  const late = tries.filter(({ ms }) => ms > budgetMs);
  if (2 * late.length <= tries.length) return undefined;
  const times = median(late.map(({ ms }) => ms));
  const share = `${late.length} of ${tries.length} tries over the budget of ${seconds(budgetMs)}`;
  const slowest = late.reduce((worst, one) => (one.ms > worst.ms ? one : worst));
  return `${what} took effect ${seconds(times)} after it was made: late (${share}), last on ${slowest.path}`;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
