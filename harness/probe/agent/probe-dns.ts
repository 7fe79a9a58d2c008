import { getServers } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { ProbeResult } from '../types.ts';
import type { Attempt } from './attempt.ts';
import { nowUs } from './clock.ts';
import { decodeAnswer, encodeQuery } from './dns-message.ts';
import { repeat, withAddress } from './resolve.ts';
import type { WireProbeOf } from './schema.ts';
import { type Done, timed } from './timed.ts';
import { connectedSocket } from './udp-socket.ts';
import { codeOf, type Finding, findingOf } from './verdict.ts';

type DnsProbe = WireProbeOf<'dns'>;

interface Query {
  readonly probe: DnsProbe;
  readonly id: number;
  readonly bytes: Buffer;
  readonly startUs: number;
}

function read(query: Query, message: Buffer): Finding | undefined {
  try {
    const { id, rcode, answers, truncated } = decodeAnswer(message);
    if (id !== query.id) return undefined;
    const ms = (nowUs() - query.startUs) / 1000;
    return { verdict: 'open', dns: { rcode, answers, ms, ...(truncated ? { truncated } : {}) } };
  } catch (error) {
    return { verdict: 'inconclusive', error: `malformed DNS answer: ${codeOf(error)}` };
  }
}

function overUdp(query: Query, address: string, port: number, attempt: Attempt, done: Done): () => void {
  let stop: (() => void) | undefined;
  const fail = (error: Error | null) => error !== null && done(findingOf(error));
  const again = attempt.retry ? [0.3, 0.6] : [];
  const socket = connectedSocket(address, port, fail, () => {
    stop = repeat(query.probe.timeoutMs, again, () => socket.send(query.bytes, fail));
  });
  socket.on('message', (message) => {
    const finding = read(query, message);
    if (finding !== undefined) done(finding);
  });
  return () => {
    stop?.();
    socket.close();
  };
}

function overTcp(query: Query, address: string, port: number, done: Done): () => void {
  let received = Buffer.alloc(0);
  const length = Buffer.from([query.bytes.length >> 8, query.bytes.length & 255]);
  const socket = connect({ host: address, port, noDelay: true });
  socket.on('connect', () => socket.write(Buffer.concat([length, query.bytes])));
  socket.on('error', (error) => done(findingOf(error)));
  socket.on('end', () => done({ verdict: 'refused', error: 'closed before the answer' }));
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
    done(read(query, received.subarray(2)) ?? { verdict: 'inconclusive', error: 'answer to another query' });
  });
  return () => socket.destroy();
}

/** Asks for exactly `name` (no search path): `open` with rcode and answers whatever the rcode. */
export function probeDns(probe: DnsProbe, attempt: Attempt): Promise<ProbeResult> {
  const id = Math.floor(Math.random() * 65_536);
  const server = probe.server ?? getServers()[0] ?? '';
  const port = probe.serverPort ?? 53;
  return timed(probe.timeoutMs, (done) => {
    const query = { probe, id, bytes: encodeQuery(id, probe.name, probe.rrtype), startUs: nowUs() };
    const begin = withAddress(server, (address, answered) =>
      probe.transport === 'tcp'
        ? overTcp(query, address, port, answered)
        : overUdp(query, address, port, attempt, answered),
    );
    return begin(done);
  });
}

/*
 * getaddrinfo(3) hides the rcode: EAI_NONAME covers NXDOMAIN and an empty answer alike, EAI_AGAIN both silence and
 * SERVFAIL. Silence is the usual cause, so that is the verdict; `error` keeps the code.
 */
function lookupFailure(error: unknown, ms: number): Finding {
  const code = codeOf(error);
  if (code === 'ENOTFOUND') return { verdict: 'open', error: code, dns: { rcode: 'NXDOMAIN', answers: [], ms } };
  if (code === 'EAI_NODATA') return { verdict: 'open', error: code, dns: { rcode: 'NOERROR', answers: [], ms } };
  if (code === 'EAI_AGAIN') return { verdict: 'dropped', error: code };
  return { verdict: 'inconclusive', error: code };
}

/** Resolves `name` as a program in this pod would: resolv.conf search path and hosts file apply. */
export function probeLookup(probe: WireProbeOf<'lookup'>): Promise<ProbeResult> {
  return timed(probe.timeoutMs, (done) => {
    const startUs = nowUs();
    const ms = () => (nowUs() - startUs) / 1000;
    lookup(probe.name, { all: true }).then(
      (found) =>
        done({ verdict: 'open', dns: { rcode: 'NOERROR', answers: found.map(({ address }) => address), ms: ms() } }),
      (error: unknown) => done(lookupFailure(error, ms())),
    );
    return () => undefined;
  });
}
