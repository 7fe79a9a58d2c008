import type { LabelSelector } from '../kube/network-policy.ts';
import type { ClusterModel } from './model-types.ts';

const implied = 'kubernetes.io/metadata.name';

/**
 * Returns what is to be said of namespaces that pods live in and no file describes: of their labels only the name is
 * known, so selectors by other labels choose none of them. Silent where no policy selects by such labels.
 */
export function namespaceNotes(model: ClusterModel): string[] {
  const known = new Set(model.namespaces.map(({ name }) => name));
  const unknown = [...new Set(model.pods.map(({ namespace }) => namespace))].filter((it) => !known.has(it)).sort();
  const keys = [...new Set(namespaceSelectors(model).flatMap(keysOf))].filter((key) => key !== implied).sort();
  if (unknown.length === 0 || keys.length === 0) return [];
  const named = unknown.slice(0, 5).join(', ');
  const more = unknown.length > 5 ? ` and ${unknown.length - 5} more` : '';
  return [
    `labels of namespace ${named}${more} are unknown, no file has the Namespace: policies that select namespaces by ` +
      `${keys.join(', ')} are judged as if it had none of these labels`,
  ];
}

function namespaceSelectors(model: ClusterModel): LabelSelector[] {
  const peers = model.networkPolicies.flatMap(({ spec }) => [
    ...(spec.ingress ?? []).flatMap(({ from }) => from ?? []),
    ...(spec.egress ?? []).flatMap(({ to }) => to ?? []),
  ]);
  const tiers = [
    ...(model.adminNetworkPolicies ?? []),
    ...(model.baselineAdminNetworkPolicies ?? []),
    ...(model.clusterNetworkPolicies ?? []),
  ].flatMap(({ spec }) => [
    spec.subject,
    ...(spec.ingress ?? []).flatMap(({ from }) => from),
    ...(spec.egress ?? []).flatMap(({ to }) => to),
  ]);
  return [
    ...peers.flatMap(({ namespaceSelector }) => namespaceSelector ?? []),
    ...tiers.flatMap(({ namespaces, pods }) => namespaces ?? pods?.namespaceSelector ?? []),
  ];
}

const keysOf = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector) => [
  ...Object.keys(matchLabels),
  ...matchExpressions.map(({ key }) => key),
];
