import { mapLimited } from '../../base/limit.ts';
import type { ProbeResult } from '../types.ts';
import { AdaptiveTimeout } from './adaptive-timeout.ts';
import type { Attempt } from './attempt.ts';
import { probeDns, probeLookup } from './probe-dns.ts';
import { probeHttp } from './probe-http.ts';
import { probeTcp } from './probe-tcp.ts';
import { probeUdp } from './probe-udp.ts';
import { Quiet } from './quiet.ts';
import type { WireProbe } from './schema.ts';
import { probeSctp } from './sctp.ts';
import { SharedUdp } from './udp-shared.ts';

/** More sockets at once than this and the agent's own limits, not the network, would decide. */
const atOnce = 512;

/** Runs one probe to its verdict; never rejects. */
export function runProbe(probe: WireProbe, attempt: Attempt): Promise<ProbeResult> {
  switch (probe.kind) {
    case 'tcp':
      return probeTcp(probe, attempt);
    case 'udp':
      return probeUdp(probe, attempt);
    case 'http':
      return probeHttp(probe, attempt);
    case 'dns':
      return probeDns(probe);
    case 'lookup':
      return probeLookup(probe);
    case 'sctp':
      return probeSctp(probe);
  }
}

/** Whether a process answers, and at once when it answers at all; an HTTP path or a name may be slow by itself. */
function isProcess(probe: WireProbe): boolean {
  return probe.kind === 'udp' || (probe.kind === 'tcp' && probe.connectOnly !== true);
}

/**
 * Runs all probes, at most 512 at once; results in the order of `probes`. `tellQuiet` is called, once, if answers cease
 * before all are there.
 */
export function runProbes(
  probes: readonly WireProbe[],
  tellQuiet: () => void = () => undefined,
): Promise<ProbeResult[]> {
  const quiet = new Quiet(tellQuiet);
  const adaptive = new AdaptiveTimeout();
  const stop = adaptive.watch();
  const shared = new SharedUdp();
  const run = async (probe: WireProbe) => {
    const result = await runProbe(probe, { adaptive, shared });
    quiet.heard();
    if (result.verdict === 'open' && isProcess(probe)) adaptive.note(result.elapsedUs / 1000);
    return result;
  };
  return mapLimited(probes, atOnce, run).finally(() => {
    quiet.stop();
    stop();
    shared.close();
  });
}
