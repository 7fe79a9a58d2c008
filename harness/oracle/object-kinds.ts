/** What to do with a kind: judge it, leave it aside silently, or say that it is left aside or refused. */
export type KindRole =
  | { readonly role: 'known'; readonly namespaced: boolean }
  | { readonly role: 'irrelevant' }
  | { readonly role: 'foreign' }
  | { readonly role: 'unserved'; readonly served: string };

interface KnownKind {
  readonly group: string;
  readonly kind: string;
  readonly version: string;
  readonly namespaced: boolean;
}

const kinds = (group: string, version: string, namespaced: boolean, names: readonly string[]): KnownKind[] =>
  names.map((kind) => ({ group, kind, version, namespaced }));

const policyGroup = 'policy.networking.k8s.io';
const known: readonly KnownKind[] = [
  ...kinds('', 'v1', false, ['Namespace', 'Node']),
  ...kinds('', 'v1', true, ['Pod', 'Service', 'Endpoints', 'ReplicationController']),
  ...kinds('apps', 'v1', true, ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet']),
  ...kinds('batch', 'v1', true, ['Job', 'CronJob']),
  ...kinds('discovery.k8s.io', 'v1', true, ['EndpointSlice']),
  ...kinds('networking.k8s.io', 'v1', true, ['NetworkPolicy']),
  ...kinds(policyGroup, 'v1alpha1', false, ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy']),
  ...kinds(policyGroup, 'v1alpha2', false, ['ClusterNetworkPolicy']),
];

/** Groups the API server serves itself; kinds of theirs that are not known do not matter to the network. */
const builtIn = new Set(
  ['', 'apps', 'batch', 'autoscaling', 'policy', 'extensions', 'internal.apiserver.k8s.io', 'resource.k8s.io'].concat(
    ['admissionregistration', 'apiextensions', 'apiregistration', 'authentication', 'authorization', 'certificates']
      .concat([
        'coordination',
        'discovery',
        'events',
        'networking',
        'node',
        'rbac.authorization',
        'scheduling',
        'storage',
      ])
      .concat(['storagemigration', 'flowcontrol.apiserver', 'kustomize.config', 'metrics'])
      .map((it) => `${it}.k8s.io`),
  ),
);

/**
 * Returns what a kind of this API version is to the oracle. The group decides with the kind: a NetworkPolicy of Calico
 * is another thing than one of Kubernetes.
 */
export function roleOf(apiVersion: string, kind: string): KindRole {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const found = known.find((it) => it.kind === kind && it.group === group);
  if (found?.version === version) return { role: 'known', namespaced: found.namespaced };
  if (found !== undefined) return { role: 'unserved', served: [group, found.version].filter(Boolean).join('/') };
  // Where Deployments and policies once lived; the API server serves the group no more.
  const moved = group === 'extensions' ? known.find((it) => it.kind === kind) : undefined;
  if (moved !== undefined) return { role: 'unserved', served: `${moved.group}/${moved.version}` };
  return builtIn.has(group) ? { role: 'irrelevant' } : { role: 'foreign' };
}

/** Kinds a cluster is asked for; an optional one may not be served. Workloads are left out: their pods exist. */
export const listedKinds: readonly {
  readonly apiVersion: string;
  readonly kind: string;
  readonly optional: boolean;
}[] = known
  .filter(({ group, kind }) => !['apps', 'batch'].includes(group) && kind !== 'ReplicationController')
  .map(({ group, version, kind }) => ({
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    optional: group === policyGroup,
  }));
