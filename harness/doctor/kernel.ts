import { gunzipSync } from 'node:zlib';
import type { HostCheck } from './host-check.ts';
import type { Host } from './host.ts';

/** Kernel parts that faults, CNIs and cases want. None is required: what lacks is skipped with this as the reason. */
export const kernelParts = {
  netem: { config: 'NET_SCH_NETEM', use: 'delay, loss and reordering faults by tc', try: tryQdisc('netem delay 1ms') },
  sctp: { config: 'IP_SCTP', use: 'SCTP probes and policies', try: tryPrograms('sctp') },
  nfqueue: { config: 'NETFILTER_NETLINK_QUEUE', use: 'delay faults by NFQUEUE', try: tryPrograms('nfnetlink_queue') },
  ipip: { config: 'NET_IPIP', use: 'IP-in-IP encapsulation', try: tryLink('ipip local 127.0.0.1') },
  wireguard: { config: 'WIREGUARD', use: 'WireGuard encryption', try: tryLink('wireguard') },
  ipvs: { config: 'IP_VS', use: 'kube-proxy mode ipvs', try: tryPrograms('ip_vs') },
  vxlan: { config: 'VXLAN', use: 'VXLAN overlays', try: tryLink('vxlan id 1 dstport 4789') },
} as const;

export type KernelPart = keyof typeof kernelParts;

type Attempt = readonly [string, ...string[]];

function tryLink(type: string): Attempt {
  return ['unshare', '--net', 'ip', 'link', 'add', 'ordeal-probe', 'type', ...type.split(' ')];
}

function tryQdisc(qdisc: string): Attempt {
  return ['unshare', '--net', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', ...qdisc.split(' ')];
}

function tryPrograms(module: string): Attempt {
  return ['modprobe', '--dry-run', '--quiet', module];
}

/** What is known of one kernel part, and from where. */
export interface PartState {
  readonly part: KernelPart;
  readonly present: boolean;
  readonly evidence: string;
}

/**
 * Returns which kernel parts are there. The kernel's own configuration decides where it is readable; built as a module,
 * or unreadable, the part is tried in a throw-away network namespace (or modprobe is asked).
 */
export async function kernelFeatures(host: Host): Promise<readonly PartState[]> {
  const config = await kernelConfig(host);
  const parts = Object.keys(kernelParts).filter((name): name is KernelPart => name in kernelParts);
  return Promise.all(parts.map((part) => partState(host, part, config)));
}

async function partState(host: Host, part: KernelPart, config: string | undefined): Promise<PartState> {
  const { config: option, try: attempt } = kernelParts[part];
  const value = config === undefined ? undefined : (new RegExp(`^CONFIG_${option}=(.)`, 'm').exec(config)?.[1] ?? 'n');
  if (value === 'y') return { part, present: true, evidence: `CONFIG_${option}=y` };
  if (value === 'n') return { part, present: false, evidence: `CONFIG_${option} is not set` };
  const answer = await host.run(attempt);
  const said = answer.err.trim().split('\n')[0] ?? '';
  const evidence = `\`${attempt.join(' ')}\` ${answer.code === 0 ? 'worked' : `failed: ${said}`}`;
  return { part, present: answer.code === 0, evidence };
}

/** Returns the kernel's configuration, or undefined where nothing tells it. */
export async function kernelConfig(host: Host): Promise<string | undefined> {
  const packed = await host.readBytes('/proc/config.gz');
  if (packed !== undefined) return gunzipSync(packed).toString();
  const release = ((await host.read('/proc/sys/kernel/osrelease')) ?? '').trim();
  return host.read(`/boot/config-${release}`);
}

/** Returns the kernel parts as checks: what lacks narrows a run, it never stops one. */
export async function checkKernel(host: Host): Promise<readonly HostCheck[]> {
  const states = await kernelFeatures(host);
  return states.map(({ part, present, evidence }) => ({
    id: `kernel-${part}`,
    title: `kernel: ${part} (${kernelParts[part].use})`,
    state: present ? 'ok' : 'warn',
    found: evidence,
    neededBy: 'nothing',
    ...(present
      ? {}
      : { remedy: `cases that need ${part} are skipped; use a kernel with CONFIG_${kernelParts[part].config}` }),
  }));
}
