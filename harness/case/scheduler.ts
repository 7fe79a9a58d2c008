import type { CaseDefinition } from './types.ts';

/** Fewer than so many idle cases are not worth the pods of a further lane. */
const idleALane = 3;

type Judge = (one: CaseDefinition) => Promise<void>;

/**
 * Runs cases of one kind and resolves when the last is done: `busy` at once, and `idle` more that take those that mostly wait
 * and nothing else. Waiting costs no core: what waits for tens of seconds begins first, or the end of a run would be one
 * case asleep. Those of one affinity come together, in one lane as far as may be: it commonly keeps what it leases.
 */
export async function drain(
  cases: readonly CaseDefinition[],
  judge: Judge,
  { busy, idle }: { readonly busy: number; readonly idle: number },
): Promise<void> {
  const inOrder = cases.toSorted(byAffinity);
  const idlers = inOrder.filter((one) => one.mostlyIdle);
  const workers = inOrder.filter((one) => !one.mostlyIdle);
  const apart = Math.min(idle, Math.ceil(idlers.length / idleALane));
  const [queue, idleApart] = [new Queue(apart === 0 ? [...idlers, ...workers] : workers), new Queue(idlers)];
  const wanted = Math.max(1, busy);
  // In turns, for they get their grids in the order they ask.
  const lanes = Array.from({ length: Math.max(apart, wanted) }, (_, index) => [
    ...(index < wanted ? [queue] : []),
    ...(index < apart ? [idleApart] : []),
  ]);
  await Promise.all(lanes.flat().map((one) => lane(judge, one)));
}

/** From those that make little of what they lease to those that make much, and last those that want it as it was made. */
function byAffinity({ affinity: one }: CaseDefinition, { affinity: other }: CaseDefinition): number {
  if (one === other) return 0;
  if (one === undefined || other === undefined) return one === undefined ? 1 : -1;
  return one.length - other.length || (one < other ? -1 : 1);
}

/** Has a lane keep to an affinity while there are cases of it, and then take one that no other lane is at. */
class Queue {
  private readonly cases: CaseDefinition[];
  private readonly underWay = new Set<CaseDefinition>();

  constructor(cases: readonly CaseDefinition[]) {
    this.cases = [...cases];
  }

  after(last: CaseDefinition | undefined): CaseDefinition | undefined {
    if (last !== undefined) this.underWay.delete(last);
    const taken = new Set([...this.underWay].map(({ affinity }) => affinity));
    const first = this.cases.filter((one) => one.mostlyIdle === this.cases[0]?.mostlyIdle);
    const same = first.find(({ affinity }) => last !== undefined && affinity === last.affinity);
    const next = same ?? first.find(({ affinity }) => !taken.has(affinity)) ?? first[0];
    if (next === undefined) return undefined;
    this.cases.splice(this.cases.indexOf(next), 1);
    this.underWay.add(next);
    return next;
  }
}

async function lane(judge: Judge, queue: Queue): Promise<void> {
  for (let next = queue.after(undefined); next !== undefined; next = queue.after(next)) await judge(next);
}
