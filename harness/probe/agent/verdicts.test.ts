import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect } from 'chai';
import { freePort } from '../local-agent.test-support.ts';
import { type AgentPair, here, startAgentPair } from './agent-pair.test-support.ts';
import { kernelSockets, shownPort } from './proc-net-tcp.test-support.ts';

const timeoutMs = 2_000;
const silentMs = 150;

/** A listener whose process never accepts; once its queue is full the kernel drops further SYNs (listen(2)). */
async function deafListener(port: number): Promise<ChildProcess> {
  const script = `require('net').createServer().listen({ host: '${here}', port: ${port}, backlog: 1 }, () => {
    require('fs').writeSync(1, 'deaf'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); })`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

/** Connections to `port` whose first SYN is still being repeated. */
async function pendingTo(port: number): Promise<string[]> {
  const sockets = await kernelSockets();
  return sockets.filter(({ peer, state }) => state === '02' && peer.endsWith(shownPort(port))).map(({ own }) => own);
}

async function withFullQueue(work: (port: number) => Promise<void>): Promise<void> {
  const port = await freePort(here);
  const listener = await deafListener(port);
  const fillers = Array.from({ length: 4 }, () => connect(port, here).on('error', () => undefined));
  try {
    await once(fillers[0] ?? listener, 'connect');
    await once(fillers[1] ?? listener, 'connect');
    await work(port);
  } finally {
    fillers.forEach((socket) => socket.destroy());
    listener.kill('SIGKILL');
  }
}

describe('verdicts of the agent over real sockets', () => {
  let pair: AgentPair;
  before(async () => {
    pair = await startAgentPair();
  });
  after(() => pair.stop());

  it('calls a closed port refused, over TCP, UDP and HTTP', async () => {
    const closed = await freePort(here);
    for (const kind of ['tcp', 'udp', 'http'] as const) {
      expect(await pair.run({ kind, host: here, port: closed, timeoutMs })).to.include({
        verdict: 'refused',
        error: 'ECONNREFUSED',
      });
    }
  });

  it('gives up a connection that was not there in time, whose SYNs would go on for two minutes', async () => {
    await withFullQueue(async (port) => {
      const fillers = await pendingTo(port);
      const probe = { kind: 'tcp', host: here, port, timeoutMs: silentMs, connectOnly: true } as const;
      for (const closeWithReset of [true, false]) {
        expect(await pair.run({ ...probe, closeWithReset })).to.include({ verdict: 'dropped' });
        expect(await pendingTo(port)).to.have.members(fillers);
      }
    });
  });

  it('calls a full listen queue dropped', async () => {
    await withFullQueue(async (port) => {
      expect(await pair.run({ kind: 'tcp', host: here, port, timeoutMs: silentMs })).to.include({
        verdict: 'dropped',
        error: 'timeout',
      });
    });
  });

  it('waits longer for processes of a row that answers late, and not for handshakes', async () => {
    const [late, mute] = [createSocket('udp4').bind(0, here), createSocket('udp4').bind(0, here)];
    await Promise.all([once(late, 'listening'), once(mute, 'listening')]);
    late.on('message', (payload, { port, address }) =>
      setTimeout(() => late.send(`late ${address} ${payload.toString()}`, port, address), silentMs * 0.9),
    );
    const asked = withFullQueue(async (port) => {
      const udp = (socket: typeof late) =>
        ({ kind: 'udp', host: here, port: socket.address().port, timeoutMs: silentMs }) as const;
      const handshake = { kind: 'tcp', connectOnly: true, host: here, port, timeoutMs: silentMs } as const;
      const [answer, silence, shaken] = await pair.client.agent.probe([udp(late), udp(mute), handshake]);
      expect([answer?.verdict, silence?.verdict, shaken?.verdict]).to.deep.equal(['open', 'dropped', 'dropped']);
      expect(silence?.elapsedUs).to.be.greaterThan(shaken?.elapsedUs ?? Infinity);
    });
    await asked.finally(() => [late, mute].forEach((socket) => socket.close()));
  });

  it('calls UDP silence dropped, after repeating the datagram only if told to', async () => {
    const mute = createSocket('udp4').bind(0, here);
    await once(mute, 'listening');
    let heard = 0;
    mute.on('message', () => heard++);
    const probe = { kind: 'udp', host: here, port: mute.address().port, timeoutMs: silentMs } as const;
    expect((await pair.run(probe)).verdict).to.equal('dropped');
    expect(heard).to.equal(1);
    heard = 0;
    expect((await pair.run({ ...probe, retry: true })).verdict).to.equal('dropped');
    mute.close();
    expect(heard).to.equal(3);
  });

  it('survives the loss of the first datagram if told to', async () => {
    const lossy = createSocket('udp4').bind(0, here);
    await once(lossy, 'listening');
    let heard = 0;
    lossy.on(
      'message',
      (payload, peer) =>
        heard++ > 0 && lossy.send(`lossy ${peer.address} ${payload.toString()}`, peer.port, peer.address),
    );
    const probe = { kind: 'udp', host: here, port: lossy.address().port, timeoutMs } as const;
    expect(await pair.run({ ...probe, timeoutMs: silentMs })).to.include({ verdict: 'dropped' });
    heard = 0;
    const result = await pair.run({ ...probe, retry: true });
    lossy.close();
    expect(result).to.include({ verdict: 'open', responder: 'lossy' });
  });

  it('tells a reset, a close and silence after the handshake apart', async () => {
    const behaviours = { reset: 'ECONNRESET', close: 'closed before the answer', silence: 'connected, then silence' };
    for (const [behaviour, error] of Object.entries(behaviours)) {
      const rude = createServer((socket) => {
        if (behaviour === 'reset') socket.resetAndDestroy();
        if (behaviour === 'close') socket.end();
      }).listen(0, here);
      await once(rude, 'listening');
      const bound = rude.address();
      const rudePort = typeof bound === 'object' && bound !== null ? bound.port : 0;
      const result = await pair.run({ kind: 'tcp', host: here, port: rudePort, timeoutMs: silentMs });
      const shaken = await pair.run({
        kind: 'tcp',
        host: here,
        port: rudePort,
        timeoutMs: silentMs,
        connectOnly: true,
      });
      rude.close();
      expect(result).to.include({ verdict: behaviour === 'silence' ? 'dropped' : 'refused', error });
      if (behaviour === 'silence') expect(shaken.verdict).to.equal('open');
    }
  });

  it('waits longer for who let it connect and answers late, over TCP and HTTP', async () => {
    const late = createServer((socket) => {
      socket.on('error', () => undefined);
      setTimeout(() => socket.end('HTTP/1.1 204 No Content\r\n\r\n'), silentMs * 3);
    }).listen(0, here);
    await once(late, 'listening');
    const bound = late.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const probes = (['tcp', 'http'] as const).map((kind) => ({ kind, host: here, port, timeoutMs: silentMs }));
    const results = await pair.client.agent.probe(probes);
    late.close();
    expect(results.map(({ verdict }) => verdict)).to.deep.equal(['open', 'open']);
  });
});
