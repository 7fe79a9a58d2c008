import type { ClusterEntry, Kubeconfig, UserEntry } from './schema.ts';
import { unusable } from './unusable.ts';

/** An entry of the kubeconfig, and where it stands: `users[0].user`. */
export interface Placed<T> {
  readonly at: string;
  readonly entry: T;
}

/** What a context leads to. One that names no user is anonymous, as with kubectl. */
export interface Chosen {
  readonly context: string;
  readonly cluster: Placed<ClusterEntry>;
  readonly user: Placed<UserEntry> | undefined;
}

/**
 * Returns the cluster and the user of a context, the current one where none is wanted. @throws OrdealError USAGE naming what
 * there is, where the context, its cluster or its user is not.
 */
export function chooseContext(config: Kubeconfig, wanted: string | undefined): Chosen {
  const context = wanted ?? config['current-context'] ?? '';
  const known = (config.contexts ?? []).map(({ name }) => name);
  const at = known.lastIndexOf(context);
  const { cluster, user } = config.contexts?.[at]?.context ?? {};
  if (at < 0) throw noContext(context, known);
  if (cluster === undefined || cluster === '') throw unusable(`contexts[${at}].context.cluster`, 'it names no cluster');
  return {
    context,
    cluster: clusterNamed(config, cluster, at),
    user: user === undefined || user === '' ? undefined : userNamed(config, user, at),
  };
}

function noContext(context: string, known: readonly string[]) {
  const there = known.length === 0 ? 'it has no contexts' : `it has ${known.join(', ')}`;
  if (context === '') return unusable('current-context', `no context is chosen; ${there}`);
  return unusable('contexts', `there is no context ${JSON.stringify(context)}; ${there}`);
}

function clusterNamed({ clusters = [] }: Kubeconfig, name: string, context: number): Placed<ClusterEntry> {
  const index = clusters.findLastIndex((one) => one.name === name);
  const entry = clusters[index]?.cluster;
  if (entry !== undefined) return { at: `clusters[${index}].cluster`, entry };
  throw absent(`contexts[${context}].context.cluster`, 'cluster', name, clusters);
}

function userNamed({ users = [] }: Kubeconfig, name: string, context: number): Placed<UserEntry> {
  const index = users.findLastIndex((one) => one.name === name);
  const found = users[index];
  if (found === undefined) throw absent(`contexts[${context}].context.user`, 'user', name, users);
  return { at: `users[${index}].user`, entry: found.user ?? {} };
}

function absent(field: string, what: 'cluster' | 'user', name: string, all: readonly { name: string }[]) {
  const there = all.length === 0 ? `there are no ${what}s` : `there are ${all.map((one) => one.name).join(', ')}`;
  return unusable(field, `there is no ${what} ${JSON.stringify(name)}; ${there}`);
}
