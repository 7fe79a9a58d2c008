import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type HostIdentity, hostIdentity } from '../base/host-identity.ts';
import { timeoutsInForce } from '../base/timeouts.ts';
import { namespace, ownedLabels } from '../kube/objects.ts';
import { may } from '../kube/rights.ts';
import type { Kube, KubeObject } from '../kube/types.ts';

const name = 'ordeal-run';
const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' } as const;
/** A run that has not renewed for so many of its heartbeats is dead. */
const missedBeats = 4;

/** To say that a run lives; of this name alone, since leases of others elect their leaders. */
export const leaseRights = may(['create', 'patch', 'get'], 'leases.coordination.k8s.io', { name });

/** Returns the namespace that is the first a run makes and the last it removes; it holds nothing but the Lease. */
export const leaseNamespace = (runId: string): string => `ord-${runId.slice(-6)}-0-run`;

export interface RunLease {
  /** Ends the heartbeat and removes the Lease: what the run made is gone. */
  release(): Promise<void>;
}

/**
 * Says on a cluster that is somebody's that a run is under way, in a Lease that names machine and boot and is renewed each
 * `heartbeatMs` (coordination.k8s.io/v1). To be held before anything else is created. @throws KubeError
 */
export async function holdRunLease(kube: Kube, runId: string): Promise<RunLease> {
  const inside = leaseNamespace(runId);
  const { heartbeatMs } = timeoutsInForce();
  await kube.apply(namespace(inside, ownedLabels(runId)));
  await kube.apply(leaseObject(runId, heartbeatMs));
  const timer = setInterval(() => {
    // One beat that fails is made up for by the next.
    void kube.patch({ ...lease, name, namespace: inside }, { spec: { renewTime: now() } }).catch(() => undefined);
  }, heartbeatMs);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      await kube.remove({ apiVersion: 'v1', kind: 'Namespace', name: inside }, { awaitGone: true });
    },
  };
}

function leaseObject(runId: string, heartbeatMs: number): KubeObject {
  const { host, boot } = hostIdentity();
  return {
    ...lease,
    metadata: { name, namespace: leaseNamespace(runId), labels: ownedLabels(runId) },
    spec: {
      holderIdentity: `${host}/${boot}`,
      leaseDurationSeconds: Math.max(1, Math.ceil((missedBeats * heartbeatMs) / 1_000)),
      renewTime: now(),
    },
  };
}

/** MicroTime. */
const now = () => new Date().toISOString().replace('Z', '000Z');

const Stored = z.looseObject({
  spec: z.looseObject({ holderIdentity: z.string(), leaseDurationSeconds: z.number(), renewTime: z.string() }),
});

/**
 * Returns whether a run lives: its Lease is renewed while it is watched for as long as it is good, which no clock of another
 * machine can belie. It is dead at once where there is no Lease, or where this machine was switched on anew since.
 */
export async function isRunAlive(kube: Kube, runId: string, here: HostIdentity = hostIdentity()): Promise<boolean> {
  const ref = { ...lease, name, namespace: leaseNamespace(runId) };
  const read = async () => {
    const stored = Stored.safeParse(await kube.get(ref));
    return stored.success ? stored.data.spec : undefined;
  };
  const first = await read();
  if (first === undefined) return false;
  const [host, boot] = first.holderIdentity.split('/');
  if (host === here.host && boot !== here.boot) return false;
  const lookMs = Math.min(1_000, (first.leaseDurationSeconds * 1_000) / missedBeats);
  const deadline = performance.now() + first.leaseDurationSeconds * 1_000;
  while (performance.now() < deadline) {
    await pause(lookMs);
    const last = await read();
    if (last === undefined) return false;
    if (last.renewTime !== first.renewTime) return true;
  }
  return false;
}
