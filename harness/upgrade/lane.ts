import type { Connections, PathClass } from '../events/upgrade-events.ts';
import type { SamplerSpec } from '../probe/agent-types.ts';

/** Whose pods send: those that no policy selects, or those that one does. */
export type Workload = 'plain' | 'guarded';

/** The one pod that answers, where it is one. */
export interface ServerPod {
  readonly workload: Workload;
  readonly node: string;
}

/** One path on one kind of connections, sampled by the agent of one node. */
export interface Lane {
  /** Unique in a session. */
  readonly id: string;
  readonly class: PathClass;
  readonly client: ServerPod;
  /** In words: `Service web`, `pod on worker-2`. */
  readonly to: string;
  readonly server?: ServerPod;
  readonly transport: string;
  readonly connections: Connections;
  readonly expected: 'open' | 'closed';
  readonly spec: SamplerSpec;
}

/** Returns `worker -> Service web, TCP, new connections`. */
export function describeLane({ client, to, transport, connections }: Lane): string {
  return `${client.node} -> ${to}, ${transport}, ${connections} connections`;
}
