import { tablePorts } from '../../../harness/case/grid-layout.ts';
import type { CaseContext, Grid } from '../../../harness/case/types.ts';
import type { NetworkPolicy } from '../../../harness/oracle/types.ts';
import { act } from './act.ts';
import { everything, policy } from './build.ts';
import type { GridState } from './state.ts';
import type { NamespaceKey, PolicyTemplate } from './types.ts';

const name = 'canary';

/** How many canaries a grid has had: each closes another port than the one before. */
const flown = new WeakMap<Grid, number>();

/**
 * Runs `work` while one more policy holds that closes one port of a namespace nothing else isolates. A step that should
 * change nothing would agree before the cluster has even read it; where the canary is in force, so is what came before
 * it. It never closes the port the last one closed: that one may be in force still, when nobody reads policies any more.
 * Where every namespace is isolated already, `work` runs without.
 */
export async function withCanary(ctx: CaseContext, state: GridState, work: () => Promise<void>): Promise<void> {
  const namespace = (['z', 'y', 'x'] as const).find((key) => !isolates(state, key));
  if (namespace === undefined) return work();
  const turn = flown.get(state.grid) ?? 0;
  flown.set(state.grid, turn + 1);
  await act(ctx, state, { do: 'apply', policy: canary(namespace, turn % tablePorts.length) });
  await work();
  await act(ctx, state, { do: 'delete-policy', namespace, name });
}

/** Returns a policy that admits every port but one. */
export function canary(namespace: NamespaceKey, closed: number): PolicyTemplate {
  return policy(namespace, name, everything, {
    ingress: [{ ports: tablePorts.filter((_, index) => index !== closed) }],
  });
}

function isolates(state: GridState, key: NamespaceKey): boolean {
  const real = state.real(key);
  return [...state.policies.values()].some((one) => one.metadata.namespace === real && hasIngress(one));
}

function hasIngress({ spec }: NetworkPolicy): boolean {
  return spec.policyTypes?.includes('Ingress') ?? true;
}
