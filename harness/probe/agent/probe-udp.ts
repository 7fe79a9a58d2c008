import type { ProbeResult } from '../types.ts';
import { tableFactor } from './adaptive-timeout.ts';
import type { Attempt } from './attempt.ts';
import { withAddress } from './resolve.ts';
import type { WireProbeOf } from './schema.ts';
import { type Done, timed } from './timed.ts';
import { connectedSocket } from './udp-socket.ts';
import { noncePayload, readEcho } from './udp-payload.ts';
import { askUnfragmented } from './unfragmented.ts';
import { outcomeOf } from './verdict.ts';

type UdpProbe = WireProbeOf<'udp'>;

/** When a datagram is sent again, as fractions of the timeout. */
const again = [0.3, 0.6];

/**
 * Sends `payloadBytes` and awaits the echo; with `retry` twice more inside the timeout, so that one lost packet is no
 * verdict. ICMP port unreachable is `refused`. With `sharedSocket` the first datagram leaves
 * through the row's socket, and only the later ones, if they are needed, through one that learns of ICMP errors.
 */
export function probeUdp(probe: UdpProbe, attempt: Attempt): Promise<ProbeResult> {
  const { shared, adaptive } = attempt;
  const begin = withAddress(probe.host, (address, done) => {
    const repeats = probe.retry === true ? again : [];
    if (probe.dontFragment === true) return askUnfragmented(probe, address, done);
    if (probe.sharedSocket !== true || shared === undefined) return askAlone(probe, address, [0, ...repeats], done);
    const forget = shared.ask(address, probe.port, done);
    const stop = repeats.length === 0 ? () => undefined : askAlone(probe, address, repeats, done);
    return () => {
      forget();
      stop();
    };
  });
  return timed(probe.timeoutMs, begin, { adaptive, times: probe.sharedSocket === true ? tableFactor : undefined });
}

/** Opens a socket of its own at the first of `when`, fractions of the timeout, and sends at each of them. */
function askAlone(probe: UdpProbe, address: string, when: readonly number[], done: Done): () => void {
  const payload = noncePayload(probe.payloadBytes);
  const fail = (error: Error | null) => error !== null && done(outcomeOf(error));
  const [first = 0, ...later] = when;
  const releases: (() => void)[] = [];
  const open = () => {
    const send = () => socket.send(payload, fail);
    const socket = connectedSocket(address, probe.port, fail, () => {
      const rest = later.map((fraction) => setTimeout(send, probe.timeoutMs * (fraction - first)));
      releases.push(() => rest.forEach((timer) => clearTimeout(timer)));
      send();
    });
    socket.on('message', (reply) => {
      const outcome = readEcho(reply, payload);
      if (outcome !== undefined) done(outcome);
    });
    releases.push(() => socket.close());
  };
  if (first === 0) open();
  else {
    const timer = setTimeout(open, probe.timeoutMs * first);
    releases.push(() => clearTimeout(timer));
  }
  return () => releases.forEach((release) => release());
}
