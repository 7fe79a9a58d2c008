import type { CleanupStack } from '../base/cleanup.ts';
import { OrdealError } from '../base/errors.ts';
import type { Progress } from '../base/progress.ts';
import type { Timeouts } from '../base/timeouts.ts';
import type { Watch } from '../chaos/watch.ts';
import type { Cluster } from '../cluster/types.ts';
import { namespace, ownedLabels } from '../kube/objects.ts';
import { poll } from '../kube/poll.ts';
import { agentPodTemplate, type FleetContext } from '../probe/fleet.ts';
import type { Workload } from './lane.ts';
import {
  agentsEverywhere,
  carefulWeb,
  guardedPorts,
  type Place,
  plainPorts,
  roleLabel,
  servicesAndPolicy,
} from './objects.ts';
import type { Rhythm } from './rhythm.ts';
import type { Roster } from './roster.ts';

/** What is sampled, from where, how often. */
export interface SessionOptions {
  readonly cluster: Cluster;
  readonly runId: string;
  readonly timeouts: Timeouts;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly rhythm: Rhythm;
  readonly mostNodes: number;
  readonly own: readonly Watch[];
}

/** Returns the namespace that everything of a session is in. */
export const sessionNamespace = (runId: string): string => `ordeal-${runId.slice(-6)}-upgrade`;

/** The web pods serve this long after they were told to go: kube-proxy of every node hears of it within that. */
const webDrainSeconds = 5;

/** Returns where and as what the agents run. */
export function fleetOf({ cluster, runId, timeouts, signal }: SessionOptions): FleetContext {
  const { kube, agentImage } = cluster;
  return { kube, agentImage, runId, timeouts, signal };
}

/**
 * Puts agents, Services and a policy into a namespace of their own and waits until they are ready; its removal is deferred
 * before it is made. @throws OrdealError KUBE_API, API_WAIT.
 */
export async function furnish(options: SessionOptions, place: Place, cleanup: CleanupStack): Promise<void> {
  const { cluster, runId, timeouts } = options;
  const { kube } = cluster;
  const ref = { apiVersion: 'v1', kind: 'Namespace', name: place.namespace };
  cleanup.defer(`namespace ${place.namespace}`, () =>
    kube.remove(ref, { awaitGone: true, timeoutMs: timeouts.namespaceGoneMs }),
  );
  await kube.apply(namespace(place.namespace, ownedLabels(runId)));
  const fleet = fleetOf(options);
  const template = (role: Workload | 'web', more: object = {}) =>
    agentPodTemplate(fleet, {
      namespace: place.namespace,
      labels: { [roleLabel]: role },
      ports: role === 'guarded' ? guardedPorts : plainPorts,
      ...more,
    });
  const drain = { preStopSeconds: webDrainSeconds, drainMs: 1_000 };
  const objects = [
    ...servicesAndPolicy(place),
    agentsEverywhere(place, 'plain', await template('plain', { steady: true })),
    agentsEverywhere(place, 'guarded', await template('guarded', { steady: true })),
    ...carefulWeb(place, await template('web', drain)),
  ];
  await kube.applyAll(objects);
  const workloads = objects.filter(({ kind }) => kind === 'DaemonSet' || kind === 'Deployment');
  await Promise.all(
    workloads.map(({ apiVersion, kind, metadata }) =>
      kube.untilRolledOut(
        { apiVersion, kind, name: metadata.name ?? '', namespace: place.namespace },
        timeouts.podReadyMs,
      ),
    ),
  );
}

/** Waits until every node has its agents. @throws OrdealError AGENT where none has. */
export async function untilAllThere(roster: Roster, { cluster, timeouts }: SessionOptions): Promise<void> {
  const missing = () =>
    cluster.info.nodes.filter(
      ({ name }) =>
        roster.at({ workload: 'plain', node: name }) === undefined ||
        roster.at({ workload: 'guarded', node: name }) === undefined,
    );
  const all = await poll(timeouts.podReadyMs, () => Promise.resolve(missing().length === 0 ? true : undefined));
  if (all === true) return;
  // Nodes that take no pods of a DaemonSet at all are no reason to stop: the others are sampled.
  if (missing().length < cluster.info.nodes.length) return;
  throw new OrdealError('AGENT', `no node has a Ready agent after ${timeouts.podReadyMs} ms`, {
    remedy: `Look at them: kubectl get pods -A -l ${roleLabel}`,
  });
}
