import { setTimeout as pause } from 'node:timers/promises';
import { agentFor, type FleetContext } from '../probe/fleet.ts';
import type { FleetAgent } from '../probe/client.ts';
import { isReady, Pod } from '../probe/pod-status.ts';
import type { ServerPod } from './lane.ts';
import { type Place, roleLabel } from './objects.ts';

/** A pod of the session that is there now. */
export interface Member {
  readonly role: string;
  readonly node: string;
  readonly pod: string;
  readonly ip: string;
  readonly agent: FleetAgent;
}

const retryMs = 1_000;

/** The pods of a session as they come and go: an upgrade restarts nodes, evicts pods, and may take the API server away. */
export class Roster {
  private readonly members = new Map<string, Member>();
  private readonly fleet: FleetContext;
  private readonly place: Place;

  constructor(fleet: FleetContext, place: Place) {
    this.fleet = fleet;
    this.place = place;
  }

  /** Follows the pods until `signal` aborts, through any time in which the API server does not answer. */
  async follow(signal: AbortSignal): Promise<void> {
    const query = { apiVersion: 'v1', kind: 'Pod', namespace: this.place.namespace, labelSelector: roleLabel };
    while (!signal.aborted) {
      try {
        for await (const { object, gone } of this.fleet.kube.follow(query, signal)) {
          const role = object.metadata.labels?.[roleLabel] ?? '';
          this.see(Pod.parse(object), role, gone);
        }
      } catch {
        // The control plane is being upgraded: who was there is still there, as far as anybody knows.
        await pause(retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  all(): Member[] {
    return [...this.members.values()];
  }

  /** Returns the pod of a DaemonSet on a node. */
  at({ workload, node }: ServerPod): Member | undefined {
    return this.all().find((member) => member.role === workload && member.node === node);
  }

  close(): void {
    for (const { agent } of this.members.values()) agent.close();
  }

  private see(pod: Pod, role: string, gone: boolean): void {
    const { name } = pod.metadata;
    const known = this.members.get(name);
    if (gone) {
      known?.agent.close();
      this.members.delete(name);
      return;
    }
    const { podIP: ip } = pod.status ?? {};
    // One that was Ready once and is not now may be a starved one: it is asked all the same.
    if (ip === undefined || (known === undefined && !isReady(pod)) || known?.ip === ip) return;
    known?.agent.close();
    this.members.set(name, { role, node: pod.spec.nodeName ?? '', pod: name, ip, agent: agentFor(this.fleet, pod) });
  }
}
