import { OrdealError } from '../../base/errors.ts';
import type { NodeExec } from '../../node/types.ts';
import { tableOf } from '../partition/nftables.ts';
import type { NodeAct } from '../types.ts';
import { ownDevice } from './names.ts';
import type { PacketFilter } from './filter.ts';
import { podTable, type PodRules } from './pod-table.ts';
import type { Victim } from './victims.ts';

/** How packets are stopped, and the acts that do it. */
export interface Stopped {
  readonly way: string;
  readonly acts: (faultId: string) => NodeAct[];
}

/** Which packets; `only` stands between match and verdict: `numgen random mod 100 < 5`. */
export interface Chosen {
  readonly filter: PacketFilter;
  readonly only?: string;
  readonly longerThan?: number;
}

/**
 * Returns acts that lose packets of pods without a word. Where the kernel can, what leaves is lost behind the device, so
 * that the sender does not learn of it, as in a real network; else the rules before the device drop it, of which local
 * senders learn (EPERM on a UDP socket, TCP tries again sooner).
 * @throws OrdealError FAULT for a kernel that can do neither.
 */
export async function losePackets(exec: NodeExec, victims: readonly Victim[], chosen: Chosen): Promise<Stopped> {
  const atDevice = { ...chosen, stage: 'device', verdict: 'lose' } as const;
  const refused = await firstRefusal(exec, victims, atDevice);
  if (refused === undefined) return { way: 'nftables at the device', acts: actsFor(victims, atDevice) };
  const before = { ...chosen, stage: 'edge', verdict: 'drop' } as const;
  await requireRules(exec, victims, before);
  return { way: 'nftables before the device', acts: actsFor(victims, before) };
}

/** Returns acts that answer packets with a rejection. @throws OrdealError FAULT for a kernel that cannot. */
export async function rejectPackets(
  exec: NodeExec,
  victims: readonly Victim[],
  chosen: Chosen & { readonly verdict: string },
): Promise<Stopped> {
  const rules = { ...chosen, stage: 'socket' } as const;
  await requireRules(exec, victims, rules);
  return { way: 'nftables reject', acts: actsFor(victims, rules) };
}

function actsFor(victims: readonly Victim[], rules: PodRules): Stopped['acts'] {
  return (faultId) => victims.map((victim) => podTableAct(faultId, victim, rules));
}

/** The table is deleted by its own name; so is the device behind which packets are lost, which nobody ever turns on. */
function podTableAct(faultId: string, { node, netns, device }: Victim, rules: PodRules): NodeAct {
  const enter = `nsenter --net=${netns}`;
  const sink = ownDevice(faultId);
  const { family, text } = podTable({ table: tableOf(faultId), device, sink }, rules);
  const table = `${family} ${tableOf(faultId)}`;
  const nft = `${enter} nft`;
  const deleted = `{ ${nft} delete table ${table} 2>/dev/null || ! ${nft} list table ${table} >/dev/null 2>&1; }`;
  const hasSink = text.includes(`"${sink}"`);
  const sinkGone = `{ ! ${enter} ip link show dev ${sink} >/dev/null 2>&1 || ${enter} ip link del dev ${sink}; }`;
  return {
    site: { node },
    apply: `${hasSink ? `${enter} ip link add ${sink} type ifb && ` : ''}${nft} -f -`,
    stdin: text,
    undo: `test ! -e ${netns} || { ${deleted}${hasSink ? ` && ${sinkGone}` : ''}; }`,
    isApplied: `${nft} list table ${table} >/dev/null`,
  };
}

async function requireRules(exec: NodeExec, victims: readonly Victim[], rules: PodRules): Promise<void> {
  const refused = await firstRefusal(exec, victims, rules);
  if (refused === undefined) return;
  throw new OrdealError('FAULT', refused, {
    remedy: 'The kernel needs nf_tables with family inet, and nft_numgen or nft_reject where the rules name them.',
  });
}

/** Has each kernel check the rules without loading them; returns what the first one said that does not take them. */
async function firstRefusal(exec: NodeExec, victims: readonly Victim[], rules: PodRules): Promise<string | undefined> {
  for (const { node, netns, device } of victims) {
    const { family, text } = podTable({ table: 'ordeal_check', device, sink: 'lo' }, rules);
    const sinks = text.includes('fwd to')
      ? ['unshare', '--net', 'ip', 'link', 'add', 'ordealcheck', 'type', 'ifb']
      : ['true'];
    const ifb = await exec(node, sinks);
    const checked = await exec(node, ['nsenter', `--net=${netns}`, 'nft', '-c', '-f', '-'], { stdin: text });
    if (ifb.code === 0 && checked.code === 0) continue;
    const said = (ifb.code === 0 ? checked.stderr : ifb.stderr).trim().slice(0, 300);
    return `the kernel of node ${node} takes no such rules of nftables (${family}): ${said}`;
  }
  return undefined;
}
