import { getServers } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { ProbeResult } from '../types.ts';
import { nowUs } from './clock.ts';
import { decodeAnswer, encodeQuery } from './dns-message.ts';
import { repeat, withAddress } from './resolve.ts';
import type { WireProbeOf } from './schema.ts';
import { type Done, timed } from './timed.ts';
import { connectedSocket } from './udp-socket.ts';
import { codeOf, type ProbeOutcome, outcomeOf } from './verdict.ts';

type DnsProbe = WireProbeOf<'dns'>;

interface Query {
  readonly rrtype: DnsProbe['rrtype'];
  readonly id: number;
  readonly bytes: Buffer;
}

type Answer = ReturnType<typeof decodeAnswer>;

const inTwoBytes = (value: number) => Buffer.from([value >> 8, value & 255]);

/** One question, or two asked at once; done when each has its answer. */
class Questions {
  readonly queries: readonly Query[];
  private readonly answers = new Map<number, Answer>();
  private readonly startUs = nowUs();
  private readonly done: Done;

  constructor({ name, rrtype, alsoAsk }: DnsProbe, done: Done) {
    this.done = done;
    const first = Math.floor(Math.random() * 65_536);
    const types = alsoAsk === undefined ? [rrtype] : [rrtype, alsoAsk];
    this.queries = types.map((type, index) => {
      const id = (first + index) & 0xffff;
      return { rrtype: type, id, bytes: encodeQuery(id, name, type) };
    });
  }

  /** Which question is still open, once another was answered. */
  get progress(): string | undefined {
    if (this.answers.size === 0) return undefined;
    const missing = this.queries.filter(({ id }) => !this.answers.has(id)).map(({ rrtype }) => rrtype);
    return `no answer to ${missing.join(', ')}, though to what was asked with it`;
  }

  /** Takes a message; one that answers no question of these is `stray`. */
  hear(message: Buffer, stray: () => void = () => undefined): void {
    try {
      const answer = decodeAnswer(message);
      if (!this.queries.some(({ id }) => id === answer.id)) {
        stray();
        return;
      }
      this.answers.set(answer.id, answer);
      if (this.answers.size === this.queries.length) this.done(this.outcome());
    } catch (error) {
      this.done({ verdict: 'malformed', error: `malformed DNS answer: ${codeOf(error)}` });
    }
  }

  private outcome(): ProbeOutcome {
    const heard = this.queries.flatMap(({ id }) => this.answers.get(id) ?? []);
    const rcode = (heard.find((one) => one.rcode !== 'NOERROR') ?? heard[0])?.rcode ?? '';
    const truncated = heard.some((one) => one.truncated);
    const ms = (nowUs() - this.startUs) / 1000;
    const answers = heard.flatMap((one) => one.answers);
    return { verdict: 'open', dns: { rcode, answers, ms, ...(truncated ? { truncated } : {}) } };
  }
}

function overUdp(questions: Questions, probe: DnsProbe, address: string, port: number, done: Done): () => void {
  let stop: (() => void) | undefined;
  const fail = (error: Error | null) => error !== null && done(outcomeOf(error));
  const again = probe.retry === true ? [0.3, 0.6] : [];
  const socket = connectedSocket(address, port, fail, () => {
    const send = () => questions.queries.forEach(({ bytes }) => socket.send(bytes, fail));
    stop = repeat(probe.timeoutMs, again, send);
  });
  socket.on('message', (message) => questions.hear(message));
  return () => {
    stop?.();
    socket.close();
  };
}

function overTcp(questions: Questions, address: string, port: number, done: Done): () => void {
  let received = Buffer.alloc(0);
  const socket = connect({ host: address, port, noDelay: true });
  const framed = questions.queries.flatMap(({ bytes }) => [inTwoBytes(bytes.length), bytes]);
  socket.on('connect', () => socket.write(Buffer.concat(framed)));
  socket.on('error', (error) => done(outcomeOf(error)));
  socket.on('end', () => done({ verdict: 'refused', error: 'closed before the answer' }));
  const stray = () => done({ verdict: 'malformed', error: 'answer to another query' });
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      questions.hear(received.subarray(2, end), stray);
      received = received.subarray(end);
    }
  });
  return () => socket.destroy();
}

/** Asks for exactly `name` (no search path): `open` with rcode and answers whatever the rcode. */
export function probeDns(probe: DnsProbe): Promise<ProbeResult> {
  const server = probe.server ?? getServers()[0] ?? '';
  const port = probe.serverPort ?? 53;
  let questions: Questions | undefined;
  const start = (done: Done) => {
    const asked = (questions = new Questions(probe, done));
    const begin = withAddress(server, (address, answered) =>
      probe.transport === 'tcp'
        ? overTcp(asked, address, port, answered)
        : overUdp(asked, probe, address, port, answered),
    );
    return begin(done);
  };
  return timed(probe.timeoutMs, start, { progress: () => questions?.progress });
}

/*
 * getaddrinfo(3) hides the rcode: EAI_NONAME covers NXDOMAIN and an empty answer alike, EAI_AGAIN both silence and
 * SERVFAIL. Silence is the usual cause, so that is the verdict; `error` keeps the code. EAI_FAIL is an answer that is no
 * use (FORMERR, REFUSED).
 */
function lookupFailure(error: unknown, ms: number): ProbeOutcome {
  const code = codeOf(error);
  if (code === 'ENOTFOUND') return { verdict: 'open', error: code, dns: { rcode: 'NXDOMAIN', answers: [], ms } };
  if (code === 'EAI_NODATA') return { verdict: 'open', error: code, dns: { rcode: 'NOERROR', answers: [], ms } };
  if (code === 'EAI_AGAIN') return { verdict: 'dropped', error: code };
  return code === 'EAI_FAIL' ? { verdict: 'malformed', error: code } : { verdict: 'inconclusive', error: code };
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
