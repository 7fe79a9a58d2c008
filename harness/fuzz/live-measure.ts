import type { Agent } from '../probe/agent-types.ts';
import { ownedLabels } from '../kube/objects.ts';
import type { Kube } from '../kube/types.ts';
import { measureAttempts } from '../table/measure-attempts.ts';
import type { NetworkPolicy } from '../kube/network-policy.ts';
import type { Verdict } from '../probe/types.ts';
import { consecutiveToSettle, type Timeouts } from '../base/timeouts.ts';
import { realPolicy } from './real-names.ts';
import type { Measure } from './types.ts';

/** A grid by its logical names: who probes, and what its namespaces are really called. */
export interface MeasuredGrid {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly namespaces: ReadonlyMap<string, string>;
}

export interface MeasureOptions {
  readonly kube: Pick<Kube, 'apply' | 'remove'>;
  readonly runId: string;
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal;
}

/** How much of the settle deadline a world gets while shrinking: the disagreement is known, most candidates agree fast. */
const shrinkShare = 0.2;

/**
 * Returns a measurement on a live grid: puts policies in force by the grid's real names, changing only what differs from
 * the world before, and probes until the table agrees twice in a row or the settle deadline has passed.
 */
export function measureOn(grid: MeasuredGrid, { kube, runId, timeouts, signal }: MeasureOptions): Measure {
  const inForce = new Map<string, NetworkPolicy>();
  return async (world, attempts, { agrees, phase }) => {
    await replacePolicies(
      kube,
      inForce,
      world.networkPolicies.map((it) => realPolicy(it, grid.namespaces, ownedLabels(runId))),
    );
    const deadline = performance.now() + timeouts.settleMs * (phase === 'shrink' ? shrinkShare : 1);
    const ask = () =>
      measureAttempts(world, grid.agents, attempts, { timeoutMs: timeouts.policyConnectMs, ours: true });
    let measured: readonly Verdict[] = await ask();
    for (let agreeing = agrees(measured) ? 1 : 0; agreeing < consecutiveToSettle && performance.now() < deadline;) {
      signal.throwIfAborted();
      measured = await ask();
      agreeing = agrees(measured) ? agreeing + 1 : 0;
    }
    return measured;
  };
}

async function replacePolicies(
  kube: MeasureOptions['kube'],
  inForce: Map<string, NetworkPolicy>,
  wanted: readonly NetworkPolicy[],
) {
  const keyOf = ({ metadata }: NetworkPolicy) => `${metadata.namespace}/${metadata.name}`;
  const next = new Map(wanted.map((policy) => [keyOf(policy), policy]));
  const gone = [...inForce].filter(([key]) => !next.has(key));
  await Promise.all(
    gone.map(
      async ([
        key,
        {
          metadata: { name, namespace },
        },
      ]) => {
        await kube.remove({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name, namespace });
        inForce.delete(key);
      },
    ),
  );
  await Promise.all(
    [...next].map(async ([key, policy]) => {
      if (JSON.stringify(inForce.get(key)) === JSON.stringify(policy)) return;
      await kube.apply(policy);
      inForce.set(key, policy);
    }),
  );
}
