import type { LabelSelector, NetworkPolicy } from '../kube/network-policy.ts';
import { mapPeers } from './case-file.ts';

const nameLabel = 'kubernetes.io/metadata.name';

/** Returns the policy as it must be applied where namespace `x` really has another name; `labels` mark it as ours. */
export function realPolicy(
  policy: NetworkPolicy,
  names: ReadonlyMap<string, string>,
  labels: Readonly<Record<string, string>>,
): NetworkPolicy {
  const real = (name: string) => names.get(name) ?? name;
  const renamed = mapPeers(policy, (peer) => {
    if (peer.namespaceSelector === undefined) return peer;
    return { ...peer, namespaceSelector: realSelector(peer.namespaceSelector, real) };
  });
  return { ...renamed, metadata: { name: policy.metadata.name, namespace: real(policy.metadata.namespace), labels } };
}

/** Only the automatic name label carries a namespace's real name. */
function realSelector(selector: LabelSelector, real: (name: string) => string): LabelSelector {
  const { matchLabels, matchExpressions } = selector;
  const pairs = Object.entries(matchLabels ?? {}).map(([key, value]) => [key, key === nameLabel ? real(value) : value]);
  const expressions = matchExpressions?.map((it) =>
    it.key === nameLabel && it.values !== undefined ? { ...it, values: it.values.map(real) } : it,
  );
  return {
    ...(matchLabels && { matchLabels: Object.fromEntries(pairs) as Record<string, string> }),
    ...(expressions && { matchExpressions: expressions }),
  };
}
