import type { CaseDefinition } from './types.ts';

/** How many cases run at once, by what limits them. */
export interface Lanes {
  /** Cases in namespaces of their own. */
  readonly own: number;
  /** Cases on warm grids. */
  readonly grid: number;
  /** Cases on small grids of their own, for those that wait, where the CNI makes them wait long. */
  readonly waiting: number;
}

/** Fewer than so many waiters are not worth the pods of a further lane. */
const waitersALane = 3;

type Judge = (one: CaseDefinition) => Promise<void>;

/**
 * Judges cases of one kind and resolves when the last is done: `busy` at once, and `waiting` more that take the waiters
 * and nothing else. Waiting costs no core: what waits for tens of seconds begins first, or the end of a run would be one
 * case asleep. Otherwise those of one kin come together.
 */
export async function drain(
  cases: readonly CaseDefinition[],
  judge: Judge,
  { busy, waiting }: { readonly busy: number; readonly waiting: number },
): Promise<void> {
  const inOrder = cases.toSorted(byKin);
  const waiters = inOrder.filter((one) => one.waits);
  const workers = inOrder.filter((one) => !one.waits);
  const apart = Math.min(waiting, Math.ceil(waiters.length / waitersALane));
  const queue = apart === 0 ? [...waiters, ...workers] : workers;
  const wanted = Math.max(1, busy);
  // In turns, for they get their grids in the order they ask.
  const lanes = Array.from({ length: Math.max(apart, wanted) }, (_, index) => [
    ...(index < wanted ? [queue] : []),
    ...(index < apart ? [waiters] : []),
  ]);
  await Promise.all(lanes.flat().map((one) => lane(judge, one)));
}

/** Those without kin come last: they want a grid as it was made. */
function byKin({ kin: one = '~' }: CaseDefinition, { kin: other = '~' }: CaseDefinition): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

async function lane(judge: Judge, queue: CaseDefinition[]): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) await judge(next);
}
