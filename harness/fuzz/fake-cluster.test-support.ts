import { truthTable } from '../oracle/judge.ts';
import type { NetworkPolicy } from '../kube/network-policy.ts';
import { mapPeers } from './case-file.ts';
import type { Measure } from './types.ts';

/** A cluster that enforces what `misread` makes of each policy: the identity is a conformant one. */
export function fakeCluster(misread: (policy: NetworkPolicy) => NetworkPolicy): Measure {
  return (world, attempts) => {
    const enforced = { ...world, networkPolicies: world.networkPolicies.map(misread) };
    const { cells } = truthTable(enforced, attempts);
    return Promise.resolve(
      cells.map(({ verdict }) => (verdict === 'mixed' || verdict === 'undecided' ? 'open' : verdict)),
    );
  };
}

/** The bug of a cluster that forgets the exceptions of an ipBlock. */
export function forgetsExceptions(policy: NetworkPolicy): NetworkPolicy {
  return mapPeers(policy, (peer) => (peer.ipBlock === undefined ? peer : { ipBlock: { cidr: peer.ipBlock.cidr } }));
}

/** The bug of a cluster that takes a range of ports for its first. */
export function forgetsEndPort(policy: NetworkPolicy): NetworkPolicy {
  const { ingress, egress, ...rest } = policy.spec;
  type Rule = NonNullable<typeof ingress>[number];
  const first = ({ ports, ...rule }: Rule): Rule => ({
    ...rule,
    ports: ports?.map((port) => ({ ...port, endPort: undefined })),
  });
  return { ...policy, spec: { ...rest, ingress: ingress?.map(first), egress: egress?.map(first) } };
}

/** The bug of a cluster that enforces a direction which policyTypes leave out (cilium#48703). */
export function readsUnlistedSections(policy: NetworkPolicy): NetworkPolicy {
  const { policyTypes = [], ingress = [], egress = [] } = policy.spec;
  if (policyTypes.length === 0) return policy;
  const read = [...(ingress.length > 0 ? ['Ingress' as const] : []), ...(egress.length > 0 ? ['Egress' as const] : [])];
  return { ...policy, spec: { ...policy.spec, policyTypes: [...new Set([...policyTypes, ...read])] } };
}
