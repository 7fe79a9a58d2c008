import { z } from 'zod';
import { InconclusiveError } from '../base/errors.ts';
import type { Bed } from './bed.ts';
import type { IperfPath } from './iperf-pods.ts';
import type { Profile } from './profile.ts';

/** How one run of iperf3 loads a path. */
export interface IperfLoad {
  readonly streams: number;
  /** Datagrams instead of a stream of bytes, at this rate; `unlimited`: as fast as the sender can. */
  readonly datagrams?: 'unlimited' | number;
}

/** What a run moved, and what was lost of it. */
export interface IperfResult {
  /** Received, without the warm-up where it is TCP. */
  readonly bitsPerSecond: number;
  /** Sent by the whole run, the warm-up with it: what CPU is set against. */
  readonly gigabits: number;
  /** Segments sent again; 0 of datagrams. */
  readonly retransmits: number;
  /** Datagrams alone. */
  readonly lostShare?: number;
  readonly jitterMs?: number;
}

const Sum = z.looseObject({ bytes: z.number(), bits_per_second: z.number() });
const Report = z.looseObject({
  error: z.string().optional(),
  intervals: z.array(
    z.looseObject({ sum: z.looseObject({ start: z.number(), seconds: z.number(), bytes: z.number() }) }),
  ),
  end: z.looseObject({
    sum_sent: Sum.extend({ retransmits: z.int().optional() }).optional(),
    sum_received: Sum.extend({ lost_percent: z.number().optional(), jitter_ms: z.number().optional() }).optional(),
  }),
});

const connectTimeoutMs = 3_000;
/** Beyond the run itself: the start of two processes, on a machine that is busy. */
const graceSeconds = 15;

/** Runs iperf3 on a path. @throws InconclusiveError with what iperf3 said, where it did not get through. */
export async function runIperf(
  { cluster, namespace }: Bed,
  path: IperfPath,
  load: IperfLoad,
  { iperfSeconds, warmUpMs }: Profile,
): Promise<IperfResult> {
  const flags = ['--client', path.host, '--port', String(path.port), '--parallel', String(load.streams)];
  const times = ['--time', String(iperfSeconds), '--interval', '0.1', '--connect-timeout', String(connectTimeoutMs)];
  const argv = ['iperf3', '--json', ...flags, ...times, ...datagramFlags(load)];
  const most = iperfSeconds + graceSeconds;
  const timed = ['timeout', String(most), ...argv];
  const pod = { namespace, name: path.pod, container: 'iperf3' };
  const { code, stdout, stderr } = await cluster.kube.exec(pod, timed, { timeoutMs: (most + graceSeconds) * 1000 });
  const report = Report.safeParse(parsed(stdout));
  const error = report.data?.error;
  if (!report.success || error !== undefined || code !== 0) {
    const said = error ?? (stderr.trim().slice(-200) || `exit ${code}`);
    throw new InconclusiveError(`iperf3 from ${path.pod} (${path.name}): ${said}`);
  }
  return resultOf(report.data, warmUpMs / 1000, load.datagrams !== undefined);
}

const datagramFlags = ({ datagrams }: IperfLoad): string[] => {
  if (datagrams === undefined) return [];
  return ['--udp', '--bitrate', datagrams === 'unlimited' ? '0' : String(datagrams)];
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Exported for its test. @throws InconclusiveError where the report lacks what was received. */
export function resultOf(report: z.infer<typeof Report>, warmUpSeconds: number, datagrams: boolean): IperfResult {
  const { sum_sent: sent, sum_received: received } = report.end;
  if (sent === undefined || received === undefined) throw new InconclusiveError('iperf3 told no sum of what it moved');
  const moved = { gigabits: (sent.bytes * 8) / 1e9, retransmits: sent.retransmits ?? 0 };
  if (datagrams) {
    const { lost_percent: lost = 0, jitter_ms: jitterMs } = received;
    return { ...moved, bitsPerSecond: received.bits_per_second, lostShare: lost / 100, jitterMs };
  }
  const counted = report.intervals.filter(({ sum }) => sum.start >= warmUpSeconds);
  const seconds = counted.reduce((all, { sum }) => all + sum.seconds, 0);
  const bytes = counted.reduce((all, { sum }) => all + sum.bytes, 0);
  // A run that its warm-up outlasts has nothing else to tell.
  return { ...moved, bitsPerSecond: seconds === 0 ? received.bits_per_second : (bytes * 8) / seconds };
}
