import { tableProbe } from '../table/matrix.ts';
import type { AgentPort, Probe } from '../probe/types.ts';

/** The world every NetworkPolicy tool reasons about: 3 namespaces x 3 pods (Cyclonus, upstream Netpol). */
export const gridNamespaces = ['x', 'y', 'z'] as const;
export const gridPods = ['a', 'b', 'c'] as const;

/** One pod of a grid by its keys, `x` and `a`. */
export interface GridCell {
  readonly ns: (typeof gridNamespaces)[number];
  readonly pod: (typeof gridPods)[number];
}

/** All nine pods of a grid. */
export const wholeGridCells: readonly GridCell[] = gridNamespaces.flatMap((ns) => gridPods.map((pod) => ({ ns, pod })));

/** As few as a case can do with that waits for a label: two pods in one namespace, and one in each of two others. */
export const smallGridCells: readonly GridCell[] = [
  { ns: 'x', pod: 'a' },
  { ns: 'x', pod: 'b' },
  { ns: 'y', pod: 'a' },
  { ns: 'z', pod: 'a' },
];

/**
 * Returns the node of each pod of a grid: round robin, moved on by one from namespace to namespace, so that pods of one
 * namespace and pods of one letter are both on several nodes, and pairs lie on one node as well as on two.
 */
export function spreadOver(cells: readonly GridCell[], nodes: readonly string[]): (string | undefined)[] {
  return cells.map(({ ns, pod }) => nodes[(gridNamespaces.indexOf(ns) + gridPods.indexOf(pod)) % nodes.length]);
}

/** A label every namespace and pod of a grid has from the beginning, for a case to take away. */
export const removable: Readonly<Record<string, string>> = { removable: 'yes' };

/** What a table asks of each pair of pods, and what a policy may close: two ports, each over TCP and UDP. */
export const tablePorts = [80, 81].flatMap((port) => (['TCP', 'UDP'] as const).map((protocol) => ({ port, protocol })));

export type TablePort = (typeof tablePorts)[number];

/** What no table asks about: a policy about one of these tells that policies are read, and changes nothing else. */
export const canaryPorts = [90, 91].map((port) => ({ port, protocol: 'TCP' as const }));

/** What the Services of a grid lead to. */
export const gridPorts: readonly AgentPort[] = tablePorts.map(served);

/** What every grid pod serves. */
export const podPorts: readonly AgentPort[] = [...gridPorts, ...canaryPorts.map(served)];

function served({ port, protocol }: TablePort): AgentPort {
  return { port, protocol, name: `serve-${port}-${protocol.toLowerCase()}`, forTables: true };
}

function namespaceLabels(key: string): Record<string, string> {
  return { ns: key, ...removable, 'pod-security.kubernetes.io/enforce': 'restricted' };
}

/** The labels a namespace (`x`) or pod (`x/a`) of a grid begins with. */
export function labelsAsMade(key: string): Record<string, string> {
  const [ns = '', pod] = key.split('/');
  return pod === undefined ? namespaceLabels(ns) : podLabels(ns, pod);
}

/** What a grid pod is selected by: its own key, and one label no case changes, for its Service. */
function podLabels(ns: string, pod: string): Record<string, string> {
  return { pod, ...removable, 'ordeal.dev/grid-pod': `${ns}-${pod}` };
}

/** Returns how one cell of a grid's table is asked. */
export function gridProbe(host: string, port: number, protocol: AgentPort['protocol'], timeoutMs: number): Probe {
  return tableProbe({ host, port, protocol }, { timeoutMs, ours: true });
}
