import { tableProbe } from '../probe/matrix.ts';
import type { AgentPort, Probe } from '../probe/types.ts';

/** The world every NetworkPolicy tool reasons about: 3 namespaces x 3 pods (Cyclonus, upstream Netpol). */
export const gridNamespaces = ['x', 'y', 'z'] as const;
export const gridPods = ['a', 'b', 'c'] as const;
const numbers = [80, 81];
const protocols = ['TCP', 'UDP'] as const;
export const gridPorts: readonly AgentPort[] = numbers.flatMap((port) =>
  protocols.map((protocol) => ({
    port,
    protocol,
    name: `serve-${port}-${protocol.toLowerCase()}`,
    mute: protocol === 'TCP',
  })),
);

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
