import type { End } from './types.ts';

/** What a fault is bound to disturb: a loss elsewhere is the network's own. */
export interface Impact {
  /** `NAMESPACE/NAME` of pods whose packets it touches. */
  readonly pods?: ReadonlySet<string>;
  /** All that begins or ends on these nodes. */
  readonly nodes?: ReadonlySet<string>;
  /** All that begins on one of two nodes and may end on the other. */
  readonly between?: readonly [string, string];
  /** Its name is in none of these areas: a fault of DNS answers explains nothing else. Absent: in all. */
  readonly areas?: ReadonlySet<string>;
}

/** For a fault that must not be noticed by anybody. */
export const noImpact: Impact = {};

/** Returns a pod's name within the cluster. */
export function podName({ namespace, name }: Pick<End, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** Returns whether a fault explains that a packet of this area got lost; the first end is where it came from. */
export function explains(impact: Impact, area: string, ends: readonly End[]): boolean {
  const { pods, nodes, between, areas } = impact;
  if (areas?.has(area) === false) return false;
  if (ends.some((end) => pods?.has(podName(end)) === true || nodes?.has(end.node) === true)) return true;
  const [from, ...targets] = ends;
  if (between === undefined || from === undefined) return false;
  const [one, other] = between;
  return targets.some(({ node }) => (from.node === one && node === other) || (from.node === other && node === one));
}
