import type { NetworkPolicy } from '../kube/network-policy.ts';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { hostBlock } from '../base/cidr.ts';
import { describeError, OrdealError } from '../base/errors.ts';
import { makeFolder } from '../base/make-folder.ts';
import { describeEnd } from '../oracle/ends.ts';
import type { ClusterModel } from '../oracle/model-types.ts';
import type { Counterexample } from './fuzz.ts';
import { FuzzCase } from './types.ts';

/** Returns the counterexample as a case that can be replayed on any cluster. */
export function caseOf(counterexample: Counterexample, base: ClusterModel, seed?: number): FuzzCase {
  const { policies, comparison, world } = counterexample;
  const disagreements = comparison.differing.map(({ cell, measured }) => ({
    from: describeEnd(cell.from),
    to: describeEnd(cell.to),
    port: cell.port,
    protocol: cell.protocol,
    expected: cell.verdict,
    measured,
    reason: cell.reason.text,
  }));
  const spec = { seed, world, addresses: addressesOf(base), policies: [...policies], disagreements };
  const metadata = { name: seed === undefined ? 'replayed' : `seed-${seed}-world-${world}` };
  return { apiVersion: 'ordeal.dev/v1', kind: 'FuzzCase', metadata, spec };
}

function addressesOf(world: ClusterModel): Record<string, string> {
  return Object.fromEntries(world.pods.map(({ namespace, name, ips }) => [`${namespace}/${name}`, ips[0] ?? '']));
}

/** Writes the case as YAML, making its folder. @throws OrdealError USAGE when the file cannot be written. */
export async function saveCase(file: string, found: FuzzCase): Promise<void> {
  try {
    makeFolder(dirname(file));
    await writeFile(file, stringify(found, { lineWidth: 120, aliasDuplicateObjects: false }));
  } catch (cause) {
    throw new OrdealError('USAGE', `the case cannot be written to ${file}: ${describeError(cause)}`, { cause });
  }
}

/** Returns the case of a file. @throws OrdealError USAGE naming the file and the field that is not what a case has. */
export async function loadCase(file: string): Promise<FuzzCase> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new OrdealError('USAGE', `the case ${file} cannot be read`, { cause });
  });
  const parsed = FuzzCase.safeParse(readYaml(text, file));
  if (parsed.success) return parsed.data;
  throw new OrdealError('USAGE', `${file} is not a fuzz case: ${z.prettifyError(parsed.error)}`);
}

function readYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new OrdealError('USAGE', `${file} is not YAML: ${describeError(cause)}`, { cause });
  }
}

/** Returns the case's policies with each pod's address of then replaced by its address in `base`. */
export function policiesFor(base: ClusterModel, { spec }: FuzzCase): NetworkPolicy[] {
  const now = addressesOf(base);
  const moved = new Map(Object.entries(spec.addresses).map(([key, ip]) => [ip, now[key] ?? ip]));
  const move = (cidr: string) => {
    const [ip = ''] = cidr.split('/');
    const target = /\/(32|128)$/.test(cidr) ? moved.get(ip) : undefined;
    return target === undefined ? cidr : hostBlock(target);
  };
  return spec.policies.map((policy) => mapPeers(policy, (peer) => moveBlock(peer, move)));
}

type Peer = NonNullable<NonNullable<NonNullable<NetworkPolicy['spec']['ingress']>[number]['from']>[number]>;

function moveBlock(peer: Peer, move: (cidr: string) => string): Peer {
  if (peer.ipBlock === undefined) return peer;
  const { cidr, except } = peer.ipBlock;
  return { ipBlock: { cidr: move(cidr), ...(except === undefined ? {} : { except: except.map(move) }) } };
}

/** Returns the policy with every peer of every rule changed. */
export function mapPeers(policy: NetworkPolicy, change: (peer: Peer) => Peer): NetworkPolicy {
  const { ingress, egress, ...rest } = policy.spec;
  const inward = ingress?.map((rule) => (rule.from === undefined ? rule : { ...rule, from: rule.from.map(change) }));
  const outward = egress?.map((rule) => (rule.to === undefined ? rule : { ...rule, to: rule.to.map(change) }));
  const rules = { ...(inward && { ingress: inward }), ...(outward && { egress: outward }) };
  return { ...policy, spec: { ...rest, ...rules } };
}
