import { OrdealError } from '../../base/errors.ts';
import type { NodeExec } from '../../node/types.ts';
import type { NodeAct } from '../types.ts';
import type { Way } from './filter.ts';
import { ownDevice, qdiscHandle } from './names.ts';
import type { Victim } from './victims.ts';

/** A packet waits at most so long, then it is lost. */
const queueMs = 50;
const leastBurst = 5_000;

/** Returns the words of a token bucket: its burst is what a hundredth of a second lets through. */
export function bucket(bytesPerSecond: number): string {
  const burst = Math.max(leastBurst, Math.ceil(bytesPerSecond / 100));
  return `tbf rate ${Math.round(bytesPerSecond * 8)}bit burst ${burst} latency ${queueMs}ms`;
}

/**
 * Returns the act that limits a direction. What arrives is sent round through a device of its own (ifb) right where it
 * enters the pod's network namespace: some datapaths hand packets over past the node's end of the pair.
 */
export function bucketAct(faultId: string, { node, netns, device }: Victim, way: Way, bytesPerSecond: number): NodeAct {
  const enter = `nsenter --net=${netns}`;
  const tc = `${enter} tc`;
  const handle = qdiscHandle(faultId);
  const round = ownDevice(faultId);
  const at = way === 'egress' ? device : round;
  const held = `${tc} qdisc show dev ${at} 2>/dev/null | grep -q 'tbf ${handle} root'`;
  const limit = `${tc} qdisc add dev ${at} root handle ${handle} ${bucket(bytesPerSecond)}`;
  if (way === 'egress') {
    const undo = `test ! -e ${netns} || ! ${held} || ${tc} qdisc del dev ${device} root handle ${handle}`;
    return { site: { node }, apply: limit, undo, isApplied: held };
  }
  const there = `${enter} ip link show dev ${round} >/dev/null 2>&1`;
  const redirect = `${tc} filter add dev ${device} parent ffff: protocol all u32 match u32 0 0 action mirred egress redirect dev ${round}`;
  return {
    site: { node },
    apply: [
      `${enter} ip link add ${round} type ifb`,
      `${enter} ip link set dev ${round} up`,
      limit,
      `${tc} qdisc add dev ${device} handle ffff: ingress`,
      redirect,
    ].join(' && '),
    undo: `test ! -e ${netns} || ! ${there} || { ${tc} qdisc del dev ${device} ingress 2>/dev/null; ${enter} ip link del dev ${round}; }`,
    isApplied: held,
  };
}

/** @throws OrdealError FAULT for a pod whose device has a queueing discipline already, or a kernel without tbf or ifb. */
export async function requireBuckets(
  exec: NodeExec,
  { node, netns, device }: Victim,
  ways: readonly Way[],
): Promise<void> {
  const { stdout } = await exec(node, ['nsenter', `--net=${netns}`, 'tc', 'qdisc', 'show', 'dev', device]);
  const foreign = stdout.split('\n').find((line) => line !== '' && !line.startsWith('qdisc noqueue'));
  if (foreign !== undefined) {
    throw new OrdealError('FAULT', `device ${device} of a pod on ${node} is shaped already: ${foreign.trim()}`, {
      remedy: 'What the CNI or another fault put there is left alone; take it away first.',
    });
  }
  const round = [
    'ip link add ifb9 type ifb',
    'tc qdisc add dev lo handle ffff: ingress',
    'tc filter add dev lo parent ffff: protocol all u32 match u32 0 0 action mirred egress redirect dev ifb9',
  ];
  const tried = [`tc qdisc add dev lo root ${bucket(1e6)}`, ...(ways.includes('ingress') ? round : [])].join(' && ');
  const { code, stderr } = await exec(node, ['unshare', '--net', 'sh', '-c', tried]);
  if (code === 0) return;
  throw new OrdealError('FAULT', `the kernel of node ${node} cannot limit a rate: ${stderr.trim().slice(0, 300)}`, {
    remedy: 'It needs sch_tbf; for what arrives also ifb, sch_ingress, cls_u32 and act_mirred.',
  });
}
