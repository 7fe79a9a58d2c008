import { setTimeout as pause } from 'node:timers/promises';
import { InconclusiveError, OrdealError } from '../base/errors.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { netnsOf } from './netns.ts';
import { runOnNode } from './run.ts';
import { readPcap, type Segment } from './pcap.ts';
import type { NodeExec } from './types.ts';

export interface CaptureSpec {
  readonly node: string;
  /** Address of the pod whose interface is watched. */
  readonly podIp: string;
  /** TCP ports of interest. */
  readonly ports: readonly number[];
  /** Fit for a file name and unique in the run. */
  readonly name: string;
}

/** A running capture on a node; ends by itself at the fault deadline, so that a killed harness leaves nothing. */
export interface Capture {
  /** Ends the capture and returns what it saw in wire order. Call once. */
  stop(): Promise<Segment[]>;
}

const folder = '/run/ordeal/captures';
/** Header plus the first bytes of a payload tell TLS from plaintext; nothing more is kept. */
const snapBytes = 160;

/**
 * Starts tcpdump inside the network namespace of a pod, found by its address: what leaves and reaches the pod passes
 * there whatever the CNI does outside. Returns once packets are being recorded. @throws InconclusiveError when the node
 * has no tcpdump or no such pod.
 */
export async function startCapture(
  cluster: { readonly nodeExec?: NodeExec },
  spec: CaptureSpec,
  timeouts: Pick<Timeouts, 'settleMs' | 'settlePollMs' | 'faultDeadlineMs'>,
): Promise<Capture> {
  const exec = cluster.nodeExec;
  if (exec === undefined) throw new OrdealError('FAULT', 'a capture needs access to the nodes');
  const file = `${folder}/${spec.name}.pcap`;
  const netns = await netnsOf(exec, spec.node, spec.podIp);
  const filter = spec.ports.map((port) => `tcp port ${port}`).join(' or ');
  const seconds = Math.ceil(timeouts.faultDeadlineMs / 1000);
  const dump = `timeout ${seconds} nsenter --net=${netns} tcpdump -i eth0 --immediate-mode -U -s ${snapBytes} -w ${file} '${filter}'`;
  const script = `mkdir -p ${folder} && { ${dump} >/dev/null 2>${file}.log & echo $! > ${file}.pid; }`;
  await runOnNode(exec, spec.node, 'start a capture', ['sh', '-c', script]);
  await untilRecording(exec, spec.node, file, timeouts);
  return { stop: () => stopCapture(exec, spec.node, file) };
}

async function untilRecording(
  exec: NodeExec,
  node: string,
  file: string,
  { settleMs, settlePollMs }: Pick<Timeouts, 'settleMs' | 'settlePollMs'>,
): Promise<void> {
  const deadline = performance.now() + settleMs;
  for (;;) {
    const { code, stdout } = await exec(node, ['sh', '-c', `cat ${file}.log; test -s ${file}`]);
    if (code === 0 && stdout.includes('listening on')) return;
    const missing = /not found|No such file|failed to execute/.test(stdout);
    if (missing || performance.now() > deadline) {
      throw new InconclusiveError(
        `capturing on node ${node} did not start: ${stdout.trim() || 'tcpdump says nothing'}`,
        {
          remedy: 'The node image needs tcpdump; the one Ordeal builds has it.',
        },
      );
    }
    await pause(settlePollMs);
  }
}

/** Waits until the file no longer grows first: what tcpdump has not read from the kernel when it ends is lost. */
async function stopCapture(exec: NodeExec, node: string, file: string): Promise<Segment[]> {
  const size = `$(stat -c %s ${file})`;
  const calm = `i=0; n=-1; while [ "$n" != "${size}" ] && [ $i -lt 20 ]; do n=${size}; i=$((i+1)); sleep 0.2; done`;
  const end = `p=$(cat ${file}.pid); kill $p 2>/dev/null; timeout 5 tail --pid=$p -f /dev/null`;
  const script = `${calm}; ${end}; base64 -w0 ${file} && rm -f ${file} ${file}.*`;
  return readPcap(Buffer.from(await runOnNode(exec, node, 'read a capture', ['sh', '-c', script]), 'base64'));
}

export type Wire = 'tls' | 'plaintext';

/** A record of a TLS handshake (0x16) or of application data (0x17), version 3.x. Source: RFC 8446 section 5.1. */
const tlsTypes = [0x16, 0x17];

/** Returns what a payload looks like: TLS records begin with type and version, HTTP/1 with a method in letters. */
export function wireOf(payload: Buffer): Wire {
  const [type = 0, version = 0] = payload;
  return tlsTypes.includes(type) && version === 0x03 ? 'tls' : 'plaintext';
}

/** Returns how each client spoke first on each of its connections to `port`. */
export function openings(segments: readonly Segment[], clientIp: string, port: number): Wire[] {
  const first = new Map<number, Wire>();
  for (const segment of segments) {
    if (segment.from !== clientIp || segment.toPort !== port || first.has(segment.fromPort)) continue;
    first.set(segment.fromPort, wireOf(segment.payload));
  }
  return [...first.values()];
}
