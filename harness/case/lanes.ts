import type { CaseDefinition } from './types.ts';

/** How many cases run at once, by what limits them. */
export interface Lanes {
  /** Cases in namespaces of their own. */
  readonly own: number;
  /** Cases on warm grids. */
  readonly grid: number;
  /** Further grids for cases that wait, where the CNI makes them wait long. */
  readonly waiting: number;
}

type Judge = (one: CaseDefinition) => Promise<void>;

/**
 * Judges cases of one kind and resolves when the last is done: `busy` at once, and `waiting` more that begin with the
 * waiters. Waiting costs no core: what waits for tens of seconds begins first, or the end of a run would be one case
 * asleep. Where there are more waiters than lanes for them, a busy one begins with them too.
 */
export async function drain(
  cases: readonly CaseDefinition[],
  judge: Judge,
  { busy, waiting }: { readonly busy: number; readonly waiting: number },
): Promise<void> {
  const waiters = cases.filter((one) => one.waits);
  const workers = cases.filter((one) => !one.waits);
  const waitersFirst = [waiters, workers];
  const workersFirst = [workers, waiters];
  const apart = Math.min(waiting, waiters.length);
  const early = apart === 0 ? busy : Math.min(1, waiters.length - apart);
  const lanes = [
    ...Array.from({ length: apart + early }, () => waitersFirst),
    ...Array.from({ length: Math.max(1, busy) - early }, () => workersFirst),
  ];
  await Promise.all(lanes.map((order) => lane(judge, order)));
}

async function lane(judge: Judge, order: readonly CaseDefinition[][]): Promise<void> {
  const take = () => order.find((queue) => queue.length > 0)?.shift();
  for (let next = take(); next !== undefined; next = take()) await judge(next);
}
