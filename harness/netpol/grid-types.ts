import type { Agent } from '../probe/agent-types.ts';
import type { AgentPort } from '../probe/types.ts';

export type Labels = Readonly<Record<string, string>>;

export interface GridPod {
  /** `x/a` */
  readonly key: string;
  readonly namespaceKey: string;
  readonly podKey: string;
  readonly agent: Agent;
  readonly serviceIp: string;
  readonly serviceName: string;
}

/** What earlier cases have done with a grid, which decides what a later one must wait for. */
export interface GridHistory {
  /** How many cases have had it. */
  holders: number;
  /** How many canaries it has had: each is about another port than the one before. */
  canaries: number;
  /** What its datapath was last seen to do: open everywhere where it is new (undefined), anything where it never settled. */
  settled: ReadonlyMap<string, string> | 'unknown' | undefined;
}

/** Returns the history of a grid nobody has had. */
export function newHistory(): GridHistory {
  return { holders: 0, canaries: 0, settled: undefined };
}

/** Returns how many pods of a grid are on which node: `worker 5, worker2 4`. */
export function describeSpread(pods: readonly Pick<GridPod, 'agent'>[]): string {
  const counts = Map.groupBy(pods, ({ agent }) => agent.node);
  return [...counts].map(([node, there]) => `${node} ${there.length}`).join(', ');
}

export interface Grid {
  readonly history: GridHistory;
  /** logical namespace key -> real name */
  readonly namespaces: ReadonlyMap<string, string>;
  readonly pods: readonly GridPod[];
  /** Every grid pod serves TCP, UDP (and SCTP where present) on 80 and 81, named serve-80-tcp, serve-81-udp ... */
  readonly ports: readonly AgentPort[];
  /** Labels as they are of a namespace (`x`) or a pod (`x/a`): a holder before may have changed some. */
  labels(key: string): Labels;
  /** Deletes the policies that earlier holders left, but for those named (`<real namespace>/<name>`); resolves once deleted. */
  deletePolicies(keep?: ReadonlySet<string>): Promise<void>;
  /** Deletes all those policies and puts back the labels that earlier holders changed; does not wait for the datapath. */
  resetLabels(): Promise<void>;
}
