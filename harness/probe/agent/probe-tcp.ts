import { connect, type Socket } from 'node:net';
import type { ProbeResult } from '../types.ts';
import type { Attempt } from './attempt.ts';
import { endSocket, tcpHandshake } from './tcp-handshake.ts';
import { repeat, withAddress } from './resolve.ts';
import type { WireProbeOf } from './schema.ts';
import { type Done, timed } from './timed.ts';
import { type ProbeOutcome, outcomeOf } from './verdict.ts';

type TcpProbe = WireProbeOf<'tcp'>;

/** The kernel sends its second SYN after this; shorter probes bring their own second attempt (RFC 6298 initial RTO). */
const kernelRetryMs = 1_000;
const longestBanner = 512;

/** Returns who speaks in a greeting `<pod name> <peer address>\n`; other servers' bytes count as open, unnamed. */
export function readBanner(text: string): ProbeOutcome {
  const [responder, peerSeen] = /^(\S+) (\S+)\n/.exec(text)?.slice(1) ?? [];
  return { verdict: 'open', responder, peerSeen };
}

class Conversation {
  private banner: ProbeOutcome | undefined;
  private text = '';
  private echoed = 0;
  private readonly socket: Socket;
  private readonly probe: TcpProbe;
  private readonly done: Done;

  constructor(address: string, probe: TcpProbe, done: Done) {
    this.probe = probe;
    this.done = done;
    this.socket = connect({ host: address, port: probe.port, noDelay: true });
    this.socket.on('error', (error) => done(outcomeOf(error)));
    this.socket.on('data', (chunk) => this.onData(chunk));
    this.socket.on('end', () => done({ verdict: 'refused', error: 'closed before the answer' }));
  }

  get progress(): string | undefined {
    if (this.banner !== undefined) return `echoed ${this.echoed} of ${this.probe.payloadBytes ?? 0} bytes`;
    return this.socket.connecting ? undefined : 'connected, then silence';
  }

  close(): void {
    endSocket(this.socket, this.probe.closeWithReset === true);
  }

  private onData(chunk: Buffer): void {
    if (this.banner !== undefined) {
      this.onEcho(chunk.length);
      return;
    }
    this.text += chunk.toString('latin1');
    const end = this.text.indexOf('\n');
    if (end < 0 && this.text.length < longestBanner) return;
    this.banner = readBanner(this.text);
    this.socket.write(Buffer.alloc(this.probe.payloadBytes ?? 0, 'o'));
    this.onEcho(this.text.length - end - 1);
  }

  private onEcho(bytes: number): void {
    this.echoed += bytes;
    if (this.banner !== undefined && this.echoed >= (this.probe.payloadBytes ?? 0)) this.done(this.banner);
  }
}

/** What an attempt has open. */
interface Talk {
  /** How far it came; undefined before packets went to and fro. */
  readonly progress?: string | undefined;
  close(): void;
}

/** A reset spares the closing packets and TIME_WAIT. */
function handshake(address: string, { port, closeWithReset = false }: TcpProbe, done: Done): Talk {
  const hangUp = tcpHandshake(address, port, done);
  return { close: () => hangUp(closeWithReset) };
}

/**
 * Connects and reads the greeting, then has `payloadBytes` echoed; with `connectOnly` a handshake is enough. Silence
 * after the handshake is `dropped` (a sidecar accepts for a peer it cannot reach), a reset or close is `refused`.
 */
export function probeTcp(probe: TcpProbe, attempt: Attempt): Promise<ProbeResult> {
  const talks: Talk[] = [];
  const again = probe.retry === true && probe.timeoutMs <= kernelRetryMs ? [0.5] : [];
  const begin = withAddress(probe.host, (address, done) => {
    const talk = () =>
      probe.connectOnly === true ? handshake(address, probe, done) : new Conversation(address, probe, done);
    const stop = repeat(probe.timeoutMs, again, () => talks.push(talk()));
    return () => {
      stop();
      talks.forEach((one) => one.close());
    };
  });
  // A handshake is answered by the peer's kernel, which is never late because a process is.
  const adaptive = probe.connectOnly === true ? undefined : attempt.adaptive;
  return timed(probe.timeoutMs, begin, { progress: () => talks[0]?.progress, adaptive });
}
