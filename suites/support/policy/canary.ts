import type { CaseContext } from '../../../harness/case/types.ts';
import type { NetworkPolicy } from '../../../harness/oracle/types.ts';
import { act } from './act.ts';
import { everything, policy } from './build.ts';
import type { GridState } from './state.ts';
import type { NamespaceKey, PolicyTemplate } from './types.ts';

const name = 'canary';

/**
 * Runs `work` while one more policy holds that closes UDP 81 of a namespace nothing else isolates. A step that should
 * change nothing would agree before the cluster has even read it; where the canary is in force, so is what came before
 * it. Where every namespace is isolated already, `work` runs without.
 */
export async function withCanary(ctx: CaseContext, state: GridState, work: () => Promise<void>): Promise<void> {
  const namespace = (['z', 'y', 'x'] as const).find((key) => !isolates(state, key));
  if (namespace === undefined) return work();
  await act(ctx, state, { do: 'apply', policy: canary(namespace) });
  await work();
  await act(ctx, state, { do: 'delete-policy', namespace, name });
}

function canary(namespace: NamespaceKey): PolicyTemplate {
  const ports = [
    { protocol: 'TCP' as const, port: 80 },
    { protocol: 'TCP' as const, port: 81 },
    { protocol: 'UDP' as const, port: 80 },
  ];
  return policy(namespace, name, everything, { ingress: [{ ports }] });
}

function isolates(state: GridState, key: NamespaceKey): boolean {
  const real = state.real(key);
  return [...state.policies.values()].some((one) => one.metadata.namespace === real && hasIngress(one));
}

function hasIngress({ spec }: NetworkPolicy): boolean {
  return spec.policyTypes?.includes('Ingress') ?? true;
}
