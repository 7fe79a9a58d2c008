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
 * case asleep. Those of one kin come together, in one lane as far as may be: it commonly keeps its grid.
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
  const [queue, waitersApart] = [new Queue(apart === 0 ? [...waiters, ...workers] : workers), new Queue(waiters)];
  const wanted = Math.max(1, busy);
  // In turns, for they get their grids in the order they ask.
  const lanes = Array.from({ length: Math.max(apart, wanted) }, (_, index) => [
    ...(index < wanted ? [queue] : []),
    ...(index < apart ? [waitersApart] : []),
  ]);
  await Promise.all(lanes.flat().map((one) => lane(judge, one)));
}

/** From those that make little of their grid to those that make much, and last those that want it as it was made. */
function byKin({ kin: one }: CaseDefinition, { kin: other }: CaseDefinition): number {
  if (one === other) return 0;
  if (one === undefined || other === undefined) return one === undefined ? 1 : -1;
  return one.length - other.length || (one < other ? -1 : 1);
}

/** Has a lane keep to a kin while there are cases of it, and then take one that no other lane is at. */
class Queue {
  private readonly cases: CaseDefinition[];
  private readonly underWay = new Set<CaseDefinition>();

  constructor(cases: readonly CaseDefinition[]) {
    this.cases = [...cases];
  }

  after(last: CaseDefinition | undefined): CaseDefinition | undefined {
    if (last !== undefined) this.underWay.delete(last);
    const taken = new Set([...this.underWay].map(({ kin }) => kin));
    const first = this.cases.filter((one) => one.waits === this.cases[0]?.waits);
    const same = first.find(({ kin }) => last !== undefined && kin === last.kin);
    const next = same ?? first.find(({ kin }) => !taken.has(kin)) ?? first[0];
    if (next === undefined) return undefined;
    this.cases.splice(this.cases.indexOf(next), 1);
    this.underWay.add(next);
    return next;
  }
}

async function lane(judge: Judge, queue: Queue): Promise<void> {
  for (let next = queue.after(undefined); next !== undefined; next = queue.after(next)) await judge(next);
}
