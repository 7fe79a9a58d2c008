import { tableProbe } from '../probe/matrix.ts';
import type { AgentPort, Probe } from '../probe/types.ts';

/** The world every NetworkPolicy tool reasons about: 3 namespaces x 3 pods (Cyclonus, upstream Netpol). */
export const gridNamespaces = ['x', 'y', 'z'] as const;
export const gridPods = ['a', 'b', 'c'] as const;

/** What a table asks of each pair of pods, and what a policy may close: two ports, each over TCP and UDP. */
export const tablePorts = [80, 81].flatMap((port) => (['TCP', 'UDP'] as const).map((protocol) => ({ port, protocol })));

/** What every grid pod serves. */
export const gridPorts: readonly AgentPort[] = tablePorts.map(({ port, protocol }) => ({
  port,
  protocol,
  name: `serve-${port}-${protocol.toLowerCase()}`,
  mute: protocol === 'TCP',
}));

export function namespaceLabels(key: string): Record<string, string> {
  return { ns: key, 'pod-security.kubernetes.io/enforce': 'restricted' };
}

/** What a grid pod is selected by: its own key, and one label no case changes, for its Service. */
export function podLabels(ns: string, pod: string): Record<string, string> {
  return { pod, 'ordeal.dev/grid-pod': `${ns}-${pod}` };
}

/** Returns how one cell of a grid's table is asked. */
export function gridProbe(host: string, port: number, protocol: AgentPort['protocol'], timeoutMs: number): Probe {
  return tableProbe({ host, port, protocol }, { timeoutMs, ours: true });
}
