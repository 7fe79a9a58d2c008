import type { NetworkPolicy } from '../kube/network-policy.ts';
import fc from 'fast-check';
import { networkPolicies, type Vocabulary } from '../oracle/arbitraries.ts';
import { compareTables, type Comparison } from '../table/compare-tables.ts';
import { allPairs } from '../oracle/all-pairs.ts';
import { truthTable } from '../oracle/judge.ts';
import type { ClusterModel } from '../oracle/model-types.ts';
import type { Verdict } from '../probe/types.ts';
import { shrink } from './shrink.ts';
import type { Measure } from './types.ts';

export interface FuzzOptions {
  /** Pods, namespaces and Services the policies are about; its own policies are replaced. */
  readonly base: ClusterModel;
  readonly measure: Measure;
  readonly seed: number;
  readonly worlds: number;
  readonly without?: readonly Exclusion[];
  readonly signal?: AbortSignal;
  readonly say?: (line: string) => void;
}

/** Parts of the specification to leave out, where a CNI is known not to have them. */
export const exclusions = ['ipblock', 'named-port', 'sctp', 'udp', 'unlisted-section'] as const;
export type Exclusion = (typeof exclusions)[number];

export interface Counterexample {
  /** 1-based number of the world drawn. */
  readonly world: number;
  readonly drawn: readonly NetworkPolicy[];
  /** The smallest policies that still disagree. */
  readonly policies: readonly NetworkPolicy[];
  readonly comparison: Comparison;
}

export interface FuzzOutcome {
  readonly worlds: number;
  readonly cells: number;
  /** Cells the tool could not measure; they speak neither for nor against. */
  readonly inconclusive: number;
  /** Pods that did not answer even themselves in one of the worlds, `x/a`. */
  readonly mute: readonly string[];
  /** Worlds that disagreed once and agreed when measured again: slow to settle, not wrong. */
  readonly unstable: readonly number[];
  readonly counterexample?: Counterexample;
}

const maxPolicies = 3;
const shrinkBudget = 200;

/** Returns the vocabulary of a world: its labels, ports and addresses, and some that match nothing. */
export function vocabularyOf(world: ClusterModel, without: readonly Exclusion[] = []): Vocabulary {
  const names = world.namespaces.map((it) => it.name);
  const ports = world.pods[0]?.containerPorts ?? [];
  const protocols = [...new Set(ports.map((it) => it.protocol))];
  const addresses = world.pods.flatMap(({ ips }) => ips.slice(0, 1));
  const v6 = addresses.some((ip) => ip.includes(':'));
  const blocks = [v6 ? '::/0' : '0.0.0.0/0', ...addresses.map((ip) => `${ip}/${v6 ? 128 : 32}`)];
  return {
    namespaces: names,
    namespaceLabels: { ns: [...names, 'absent'], 'kubernetes.io/metadata.name': names },
    podLabels: { pod: [...new Set(world.pods.map((it) => it.name)), 'absent'], app: ['absent'] },
    ports: [...new Set(ports.flatMap(({ port }) => [port, port - 1]))],
    portNames: without.includes('named-port') ? [] : [...ports.flatMap((it) => it.name ?? []), 'absent'],
    protocols: protocols.filter((it) => !without.some((name) => name === it.toLowerCase())),
    cidrs: without.includes('ipblock') ? [] : blocks,
    unlistedSections: !without.includes('unlisted-section'),
  };
}

/**
 * Draws `worlds` sets of policies from the seed, measures each, and stops at the first that twice disagrees with the
 * oracle, shrunk to the smallest that still does. The same seed over the same base draws the same worlds. @throws what
 * `measure` throws, or the abort reason.
 */
export async function fuzzNetworkPolicy(options: FuzzOptions): Promise<FuzzOutcome> {
  const { base, seed, worlds, without, say = () => undefined } = options;
  const drawn = fc.sample(networkPolicies(vocabularyOf(base, without), maxPolicies, 1), { seed, numRuns: worlds });
  const total = { worlds: 0, cells: 0, inconclusive: 0, mute: [] as string[], unstable: [] as number[] };
  for (const [at, policies] of drawn.entries()) {
    options.signal?.throwIfAborted();
    const first = await compareWorld(options, policies, 'search');
    total.worlds += 1;
    total.cells += first.cells.length;
    total.inconclusive += first.inconclusive.length;
    total.mute = [...new Set([...total.mute, ...first.mute])];
    say(`world ${at + 1} of ${worlds}: ${policies.length} policies, ${first.differing.length} cells differ`);
    if (first.differing.length === 0) continue;
    const again = await compareWorld(options, policies, 'search');
    if (again.differing.length > 0) return { ...total, counterexample: await reduce(options, at + 1, policies, again) };
    total.unstable.push(at + 1);
  }
  return total;
}

async function reduce(
  options: FuzzOptions,
  world: number,
  drawn: readonly NetworkPolicy[],
  first: Comparison,
): Promise<Counterexample> {
  let comparison = first;
  const stillShows = async (candidate: readonly NetworkPolicy[]) => {
    options.signal?.throwIfAborted();
    const compared = await compareWorld(options, candidate, 'shrink');
    if (compared.differing.length > 0) comparison = compared;
    return compared.differing.length > 0;
  };
  const policies = await shrink(drawn, stillShows, shrinkBudget);
  return { world, drawn, policies, comparison };
}

/** Returns what a world's policies should do beside what they do, by pod address and through Services. */
export async function compareWorld(
  { base, measure }: Pick<FuzzOptions, 'base' | 'measure'>,
  policies: readonly NetworkPolicy[],
  phase: 'search' | 'shrink',
): Promise<Comparison> {
  const world = { ...base, networkPolicies: policies };
  const attempts = [...allPairs(world, 'pod'), ...allPairs(world, 'service')];
  const { cells } = truthTable(world, attempts);
  const agrees = (measured: readonly Verdict[]) => {
    const { differing, inconclusive } = compareTables(cells, measured);
    return differing.length + inconclusive.length === 0;
  };
  return compareTables(cells, await measure(world, attempts, { agrees, phase }));
}
