import { availableParallelism } from 'node:os';
import { findCni } from '../../clusters/index.ts';
import type { ClusterInfo } from '../cluster/types.ts';
import { type FixtureLoad, isLeased, type LeasedFixture } from './fixture.ts';
import type { CaseDefinition } from './types.ts';

/** How many cases run at once, by what they lease. */
export interface Concurrency {
  /** Cases that lease nothing. */
  readonly free: number;
  /** By the fixture that cases lease: how many run at once, and how many mostly idle ones beside them on a variant. */
  readonly leased: ReadonlyMap<LeasedFixture<unknown>, { readonly busy: number; readonly idle: number }>;
  /**
   * What mostly idle cases that lease nothing may take together, in cores: beside the others, and once those are done. None:
   * they take turns with the others.
   */
  readonly idleCores?: { readonly beside: number; readonly after: number };
  /** Mostly idle cases run beside the others although they are exclusive: on this CNI they wait for tens of seconds. */
  readonly idleBeside: boolean;
}

/** Of the cores, for mostly idle cases; measured with care not to make the answers of the others late. */
const idleShare = { beside: 0.5, after: 0.8 };
const mostAtOnce = 8;
/** More cases than this to each that runs at once keep the machine busy beside other kinds for most of a run. */
const manyEach = 3;

/**
 * Returns how many cases run at once: of each kind one a core that pods have, and one more. Cases wait for pods and policies now and
 * then, which costs no CPU; more of them at once only start more pods and answer later. Where several kinds have cases
 * for long, one a core: three rollouts at once beside three cases on grids made answers of a slow machine seconds late,
 * and four cases fail. How many of those that lease a fixture is the fixture's `capacity`.
 */
export function planConcurrency(
  limit: number | undefined,
  { cni, cpus }: Pick<ClusterInfo, 'cni' | 'cpus'>,
  cases: readonly Pick<CaseDefinition, 'uses'>[],
): Concurrency {
  const cores = cpus || availableParallelism();
  const atOnce = limit ?? Math.min(mostAtOnce, Math.max(2, Math.floor(cores)) + 1);
  const fixed = limit !== undefined;
  const kinds = [...Map.groupBy(cases, leasedBy).values()];
  const busyKinds = kinds.filter((of) => of.length > manyEach * atOnce).length;
  const share = !fixed && busyKinds > 1 ? atOnce - 1 : atOnce;
  const load = { atOnce, share, fixed, delaysLabelChanges: delaysLabelChanges(cni) };
  const used = Map.groupBy(
    cases.flatMap(({ uses }) => uses.filter(isLeased)),
    (fixture) => fixture,
  );
  const leased = [...used].map(
    ([fixture, of]) => [fixture, capacityOf(fixture, { ...load, cases: of.length })] as const,
  );
  const idleCores = { beside: idleShare.beside * cores, after: idleShare.after * cores };
  const idleBeside = !fixed && load.delaysLabelChanges;
  return { free: share, leased: new Map(leased), idleBeside, ...(fixed ? {} : { idleCores }) };
}

/** Returns whether this CNI, by design, takes tens of seconds to read a changed label. */
export function delaysLabelChanges(cni: ClusterInfo['cni']): boolean {
  return findCni(cni)?.traits.delaysLabelChanges === true;
}

/** Returns the leased fixture by which a case is scheduled, the first that it uses. */
export function leasedBy({ uses }: Pick<CaseDefinition, 'uses'>): LeasedFixture<unknown> | undefined {
  return uses.find(isLeased);
}

function capacityOf(fixture: LeasedFixture<unknown>, load: FixtureLoad) {
  return { busy: Math.max(1, fixture.capacity(load)), idle: fixture.idleVariant?.capacity(load) ?? 0 };
}
