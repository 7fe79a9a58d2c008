import { z } from 'zod';
import type { NetworkPolicy, NetworkPolicyPeer } from '../kube/network-policy.ts';

/** Ways in which CNIs are known to read a NetworkPolicy otherwise than its specification means it. */
export const Deviation = z.enum(['ipblock-selects-no-pods', 'ipblock-admits-own-namespace', 'unlisted-rules-act']);
export type Deviation = z.infer<typeof Deviation>;

const nobody: NetworkPolicyPeer = {
  podSelector: { matchExpressions: [{ key: 'ordeal.dev/nobody', operator: 'Exists' }] },
};
const ownNamespace: NetworkPolicyPeer = { podSelector: {} };

/**
 * Returns the policy that means by the specification what a CNI reads in this one, as far as pods are concerned: what
 * is measured between them can be compared with a known failure cell by cell. `ipblock-selects-no-pods`: addresses of
 * pods do not count (cilium#9209); `ipblock-admits-own-namespace`: a rule of ingress that has an ipBlock admits the
 * policy's namespace (cilium#46305); `unlisted-rules-act`: rules count although policyTypes do not list their direction
 * (cilium#48703).
 */
export function applyDeviations(policy: NetworkPolicy, deviations: readonly Deviation[]): NetworkPolicy {
  const { policyTypes, ingress, egress, ...spec } = policy.spec;
  const read = new Set(deviations);
  return {
    ...policy,
    spec: {
      ...spec,
      ...(policyTypes && { policyTypes: read.has('unlisted-rules-act') ? typesWithRules(policy.spec) : policyTypes }),
      ...(ingress && { ingress: ingress.map((rule) => ({ ...rule, from: peersAs(rule.from, read, 'ingress') })) }),
      ...(egress && { egress: egress.map((rule) => ({ ...rule, to: peersAs(rule.to, read, 'egress') })) }),
    },
  };
}

function typesWithRules({ policyTypes = [], ingress = [], egress = [] }: NetworkPolicy['spec']) {
  const acting = [
    ...(ingress.length > 0 ? (['Ingress'] as const) : []),
    ...(egress.length > 0 ? (['Egress'] as const) : []),
  ];
  return [...new Set([...policyTypes, ...acting])];
}

function peersAs(
  peers: readonly NetworkPolicyPeer[] | undefined,
  read: ReadonlySet<Deviation>,
  direction: 'ingress' | 'egress',
): NetworkPolicyPeer[] | undefined {
  const admitsOwn = direction === 'ingress' && read.has('ipblock-admits-own-namespace');
  return peers?.flatMap((peer) => {
    if (peer.ipBlock === undefined) return [peer];
    return [read.has('ipblock-selects-no-pods') ? nobody : peer, ...(admitsOwn ? [ownNamespace] : [])];
  });
}
