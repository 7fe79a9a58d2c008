import type { NodeInfo } from '../kube/nodes.ts';
import type { Concurrency } from './concurrency.ts';
import { isLeased, isOfRun } from './fixture.ts';
import { type Consent, type DisruptionKind, missingConsent, touchesOthers } from './touches.ts';
import type { CaseDefinition } from './types.ts';

/** What a run takes of a cluster, as far as it is known before. */
export interface Footprint {
  /** Cases that may be run, and those that nobody allowed. */
  readonly cases: readonly CaseDefinition[];
  readonly notAllowed: readonly CaseDefinition[];
  /** Of fixtures: those of the run, and as many leased ones as there may be. Cases add their own while they last. */
  readonly pods: number;
  /** Cases at once that lease nothing. */
  readonly casesAtOnce: number;
  /** What is done beyond objects of the run, in words, by who notices. */
  readonly disturbed: ReadonlyMap<DisruptionKind, readonly string[]>;
}

type Asked = Pick<CaseDefinition, 'uses' | 'touches'>;

/** Returns what a run of these cases takes of a cluster of these nodes. */
export function footprintOf(
  cases: readonly CaseDefinition[],
  { nodes, consent, concurrency }: { nodes: readonly NodeInfo[]; consent: Consent; concurrency: Concurrency },
): Footprint {
  const allowed = cases.filter((one) => missingConsent(one, consent) === undefined);
  return {
    cases: allowed,
    notAllowed: cases.filter((one) => !allowed.includes(one)),
    pods: podsOf(allowed, nodes, concurrency),
    casesAtOnce: concurrency.free,
    disturbed: disturbedBy(allowed),
  };
}

function podsOf(cases: readonly Asked[], nodes: readonly NodeInfo[], { leased }: Concurrency): number {
  const used = [...new Set(cases.flatMap(({ uses }) => uses))];
  const counts = used.map((fixture) => {
    if (isOfRun(fixture)) return fixture.pods(nodes);
    if (!isLeased(fixture)) return 0;
    const { busy = 1, idle = 0 } = leased.get(fixture) ?? {};
    return busy * fixture.pods(nodes) + idle * (fixture.idleVariant?.pods(nodes) ?? 0);
  });
  return counts.reduce((sum, one) => sum + one, 0);
}

function disturbedBy(cases: readonly Asked[]): Footprint['disturbed'] {
  const by = Map.groupBy(cases.flatMap(touchesOthers), ({ disrupts }) => disrupts);
  return new Map([...by].map(([kind, all]) => [kind, [...new Set(all.map(({ what }) => what))]]));
}
