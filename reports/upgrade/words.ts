import { duration, plural } from '../format.ts';
import type { Lane, Path, UpgradeReport, Window } from './model.ts';

const classes = {
  'same-node': 'pods of one node',
  'other-node': 'pods of two nodes',
  'cluster-ip': 'ClusterIP',
  'node-port': 'NodePort',
  headless: 'headless Service',
  dns: 'DNS',
  'api-server': 'API server',
  'policy-allow': 'what a policy allows',
  'policy-deny': 'what a policy forbids',
  own: 'named by you',
} as const;

export const className = (path: Pick<Path, 'class'>): string => classes[path.class];

/** Returns `worker -> Service web`. */
export const pathName = ({ from, to }: Pick<Path, 'from' | 'to'>): string => `${from} -> ${to}`;

/** Returns the windows that count against a path: it was down, or it leaked. Those of a connection that idles have no length. */
export function harms(lane: Pick<Lane, 'windows'>): Window[] {
  return lane.windows.filter(({ kind }) => kind === 'down' || kind === 'leak');
}

/** What a path lost in all, over its lanes. */
export interface Loss {
  readonly windows: number;
  readonly longestMs: number;
  readonly sumMs: number;
  readonly failed: number;
  readonly attempts: number;
  readonly cuts: number;
}

export function lossOf(path: Pick<Path, 'lanes'>): Loss {
  const timed = path.lanes.filter(({ connections }) => connections !== 'idle');
  const sums = timed.map((lane) => harms(lane).reduce((sum, { ms }) => sum + ms, 0));
  const lengths = timed.flatMap((lane) => harms(lane).map(({ ms }) => ms));
  const total = (of: 'failed' | 'attempts' | 'cuts') =>
    path.lanes.reduce((sum, { during }) => sum + (during?.[of] ?? 0), 0);
  return {
    windows: lengths.length,
    longestMs: Math.max(0, ...lengths),
    sumMs: Math.max(0, ...sums),
    ...{ failed: total('failed'), attempts: total('attempts'), cuts: total('cuts') },
  };
}

export const isHarmed = (path: Path): boolean => path.lanes.some((lane) => harms(lane).length > 0);

/** Returns the paths, those that lost most first. */
export function worstFirst(paths: readonly Path[]): Path[] {
  return paths.toSorted((a, b) => rank(b) - rank(a) || lossOf(b).longestMs - lossOf(a).longestMs);
}

const rank = ({ outcome }: Path) =>
  outcome === 'failed' ? 3 : outcome === 'inconclusive' ? 2 : outcome === 'passed' ? 1 : 0;

/** Returns in one line what became of all paths. */
export function summary({ paths }: UpgradeReport): string {
  const harmed = paths.filter(isHarmed);
  const attempts = paths.reduce((sum, path) => sum + lossOf(path).attempts, 0);
  const failed = harmed.reduce((sum, path) => sum + lossOf(path).failed, 0);
  const longest = Math.max(0, ...harmed.map((path) => lossOf(path).longestMs));
  const lanes = paths.reduce((sum, path) => sum + path.lanes.length, 0);
  const size = `${plural(paths.length, 'path')} (${lanes} lanes), ${attempts} attempts`;
  if (harmed.length === 0) return `${size}: no downtime window, no leak`;
  return `${size}: ${harmed.length} with windows, ${failed} attempts failed, longest ${duration(longest)}`;
}

/** Returns `2.9 s from 22:01:03.120 (dropped: timeout x5)`. */
export function windowText({ kind, ms, from, classes: seen, recovered }: Window): string {
  const said = Object.entries(seen).map(([name, count]) => `${name} x${count}`);
  return `${kind} ${duration(ms)} from ${clockOf(from)}${recovered ? '' : ', not over'} (${said.join(', ')})`;
}

/** Returns the time of day of an ISO time, to the millisecond. */
export const clockOf = (iso: string): string => iso.slice(11, 23);

/** Returns one line on conformance before and after, or none where it was not judged. */
export function conformanceLines({ conformance }: UpgradeReport): string[] {
  if (conformance === undefined) return [];
  const counts = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([status, number]) => `${number} ${status}`)
      .join(', ');
  return [
    `conformance before: ${counts(conformance.before)}; after: ${counts(conformance.after)}`,
    ...conformance.worse.map((id) => `passed before, failed after: ${id}`),
    ...conformance.better.map((id) => `failed before, passed after: ${id}`),
    ...conformance.failedBoth.map((id) => `failed before and after: ${id}`),
  ];
}
