import { connect, type Socket } from 'node:net';
import type { Attempted, Connection } from './connection.ts';
import { readBanner } from './probe-tcp.ts';
import { withAddress } from './resolve.ts';
import type { WireProbeOf } from './schema.ts';
import { type Done, timed } from './timed.ts';
import { type ProbeOutcome, outcomeOf } from './verdict.ts';

/** One connection to an agent's TCP port: the greeting, then numbered lines and their echoes in order. */
class Stream {
  private readonly waiting: Done[] = [];
  private text = '';
  private greeting: ProbeOutcome | undefined;
  private readonly socket: Socket;
  readonly ordinal: number;
  broken = false;

  constructor(ordinal: number, address: string, port: number) {
    this.ordinal = ordinal;
    this.socket = connect({ host: address, port, noDelay: true });
    this.socket.on('data', (chunk) => this.onData(chunk.toString('latin1')));
    this.socket.on('error', (error) => this.fail(outcomeOf(error)));
    this.socket.on('close', () => this.fail({ verdict: 'refused', error: 'connection closed' }));
  }

  send(done: Done): void {
    this.waiting.push(done);
    this.socket.write('o\n');
  }

  fail(outcome: ProbeOutcome): void {
    this.broken = true;
    this.socket.destroy();
    this.waiting.splice(0).forEach((done) => done(outcome));
  }

  private onData(chunk: string): void {
    const lines = (this.text + chunk).split('\n');
    this.text = lines.pop() ?? '';
    if (this.greeting === undefined) {
      const first = lines.shift();
      if (first === undefined) return;
      this.greeting = readBanner(`${first}\n`);
    }
    const answered = this.waiting.splice(0, lines.length);
    for (const done of answered) done(this.greeting);
  }
}

/** A kept TCP connection; a new one is opened when the last broke or left an attempt without answer. */
export class TcpConnection implements Connection {
  private stream: Stream | undefined;
  private opened = 0;
  private readonly probe: WireProbeOf<'tcp'>;

  constructor(probe: WireProbeOf<'tcp'>) {
    this.probe = probe;
  }

  async attempt(): Promise<Attempted> {
    let used: Stream | undefined;
    const begin = withAddress(this.probe.host, (address, done) => {
      used = this.current(address);
      used.send(done);
      return () => undefined;
    });
    const result = await timed(this.probe.timeoutMs, begin);
    // A client that waited its timeout hangs up; keeping on would measure the kernel's retransmission backoff.
    if (result.verdict === 'dropped') used?.fail({ verdict: 'dropped', error: 'given up after silence' });
    return { result, connection: used?.ordinal };
  }

  close(): void {
    this.stream?.fail({ verdict: 'inconclusive', error: 'sampler stopped' });
  }

  private current(address: string): Stream {
    if (this.stream === undefined || this.stream.broken) {
      this.stream = new Stream(this.opened++, address, this.probe.port);
    }
    return this.stream;
  }
}
