import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect } from 'chai';
import { freePort, type LocalAgent, startLocalAgent } from '../local-agent.ts';
import type { Probe, ProbeResult } from '../types.ts';

const here = '127.0.0.31';
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

describe('the agent over real sockets', () => {
  let client: LocalAgent;
  let server: LocalAgent;
  const port = { tcp: 0, udp: 0, http: 0, mute: 0 };

  before(async () => {
    port.tcp = await freePort(here);
    port.udp = await freePort(here);
    port.http = await freePort(here);
    port.mute = await freePort(here);
    client = await startLocalAgent({ name: 'client', address: '127.0.0.32', ports: [] });
    server = await startLocalAgent({
      name: 'server',
      address: here,
      ports: [
        { port: port.tcp, protocol: 'TCP' },
        { port: port.udp, protocol: 'UDP' },
        { port: port.http, protocol: 'HTTP' },
        { port: port.mute, protocol: 'TCP', mute: true },
      ],
    });
  });
  after(() => Promise.all([client.stop(), server.stop()]));

  const run = async (probe: Probe): Promise<ProbeResult> => {
    const [result] = await client.agent.probe([probe]);
    if (result === undefined) throw new Error('no result');
    return result;
  };

  it('greets over TCP with its name and the address it saw', async () => {
    const result = await run({ kind: 'tcp', host: here, port: port.tcp, timeoutMs });
    expect(result).to.include({ verdict: 'open', responder: 'server', peerSeen: '127.0.0.1' });
    expect(result.elapsedUs).to.be.greaterThan(0);
  });

  it('is open at a mute port for who needs a handshake, and closed for who awaits a greeting', async () => {
    const probe = { kind: 'tcp', host: here, port: port.mute, timeoutMs } as const;
    const handshakes = Array.from({ length: 200 }, () => ({ ...probe, connectOnly: true, closeWithReset: true }));
    const verdicts = (await client.agent.probe(handshakes)).map((result) => result.verdict);
    expect(new Set(verdicts)).to.deep.equal(new Set(['open']));
    expect(await run(probe)).to.include({ verdict: 'refused', error: 'closed before the answer' });
  });

  it('echoes large payloads over TCP and UDP', async () => {
    const tcp = await run({ kind: 'tcp', host: here, port: port.tcp, timeoutMs, payloadBytes: 300_000 });
    const udp = await run({ kind: 'udp', host: here, port: port.udp, timeoutMs, payloadBytes: 60_000 });
    expect([tcp.verdict, udp.verdict]).to.deep.equal(['open', 'open']);
  });

  it('echoes UDP down to an empty datagram', async () => {
    const probes = [0, 1, 7, 16, 600].map(
      (payloadBytes) => ({ kind: 'udp', host: here, port: port.udp, timeoutMs, payloadBytes }) as const,
    );
    const results = await client.agent.probe(probes);
    expect(results.map(({ verdict, responder }) => `${verdict} ${responder ?? ''}`)).to.deep.equal(
      Array(5).fill('open server'),
    );
  });

  it('asks over one socket for a whole row, from a new port each row, and still learns of a refusal', async () => {
    const shared = { kind: 'udp', host: here, timeoutMs: 600, sharedSocket: true } as const;
    const closed = await freePort(here);
    const row = [...Array<number>(5).fill(port.udp), closed].map((to) => ({ ...shared, port: to }));
    const results = await client.agent.probe(row);
    expect(results.map(({ verdict }) => verdict)).to.deep.equal([...Array<string>(5).fill('open'), 'refused']);
    expect(results[0]).to.include({ responder: 'server', peerSeen: '127.0.0.1' });
  });

  it('answers HTTP with pod, peer, headers and path', async () => {
    const result = await run({
      kind: 'http',
      host: here,
      port: port.http,
      path: '/a?b',
      headers: { 'x-mark': '1' },
      timeoutMs,
    });
    expect(result).to.include({ verdict: 'open', responder: 'server' });
    expect(JSON.parse(result.http?.body ?? '')).to.nested.include({ pod: 'server', path: '/a', 'headers.x-mark': '1' });
  });

  it('sends a chunked body of any length', async () => {
    const result = await run({ kind: 'http', host: here, port: port.http, path: '/bytes?n=50000', timeoutMs });
    expect(result.http?.body).to.have.length(50_000);
  });

  it('calls a closed port refused, over TCP, UDP and HTTP', async () => {
    const closed = await freePort(here);
    for (const kind of ['tcp', 'udp', 'http'] as const) {
      expect(await run({ kind, host: here, port: closed, timeoutMs })).to.include({
        verdict: 'refused',
        error: 'ECONNREFUSED',
      });
    }
  });

  it('calls a full listen queue dropped', async () => {
    const deaf = await freePort(here);
    const listener = await deafListener(deaf);
    const fillers = Array.from({ length: 4 }, () => connect(deaf, here).on('error', () => undefined));
    try {
      await once(fillers[0] ?? listener, 'connect');
      await once(fillers[1] ?? listener, 'connect');
      expect(await run({ kind: 'tcp', host: here, port: deaf, timeoutMs: silentMs })).to.include({
        verdict: 'dropped',
        error: 'timeout',
      });
    } finally {
      fillers.forEach((socket) => socket.destroy());
      listener.kill('SIGKILL');
    }
  });

  it('calls UDP silence dropped, after repeating the datagram', async () => {
    const mute = createSocket('udp4').bind(0, here);
    await once(mute, 'listening');
    let heard = 0;
    mute.on('message', () => heard++);
    const result = await run({ kind: 'udp', host: here, port: mute.address().port, timeoutMs: silentMs });
    mute.close();
    expect(result.verdict).to.equal('dropped');
    expect(heard).to.equal(3);
  });

  it('survives the loss of the first datagram', async () => {
    const lossy = createSocket('udp4').bind(0, here);
    await once(lossy, 'listening');
    let heard = 0;
    lossy.on(
      'message',
      (payload, peer) =>
        heard++ > 0 && lossy.send(`lossy ${peer.address} ${payload.toString()}`, peer.port, peer.address),
    );
    const result = await run({ kind: 'udp', host: here, port: lossy.address().port, timeoutMs });
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
      const result = await run({ kind: 'tcp', host: here, port: rudePort, timeoutMs: silentMs });
      const shaken = await run({ kind: 'tcp', host: here, port: rudePort, timeoutMs: silentMs, connectOnly: true });
      rude.close();
      expect(result).to.include({ verdict: behaviour === 'silence' ? 'dropped' : 'refused', error });
      if (behaviour === 'silence') expect(shaken.verdict).to.equal('open');
    }
  });

  it('calls its own trouble inconclusive', async () => {
    const results = await client.agent.probe([
      { kind: 'tcp', host: 'no..name', port: 1, timeoutMs },
      { kind: 'udp', host: here, port: port.udp, timeoutMs, payloadBytes: 70_000 },
      { kind: 'http', host: here, port: port.http, path: '/ not a path', timeoutMs },
      { kind: 'sctp', host: here, port: 1, timeoutMs },
    ]);
    expect(results.map(({ verdict }) => verdict)).to.deep.equal(Array(4).fill('inconclusive'));
    expect(results.every(({ error }) => error !== undefined)).to.equal(true);
  });

  it('runs more probes than it has slots for, in the order asked', async () => {
    const closed = await freePort(here);
    const probes = Array.from(
      { length: 700 },
      (_, i) => ({ kind: 'tcp', host: here, port: i % 7 === 0 ? closed : port.tcp, timeoutMs }) as const,
    );
    const results = await client.agent.probe(probes);
    expect(results.map(({ verdict }) => verdict)).to.deep.equal(
      probes.map((_, i) => (i % 7 === 0 ? 'refused' : 'open')),
    );
  });
});
