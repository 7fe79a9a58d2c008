import type { Sample, Sampler } from '../agent-types.ts';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { freePort, type LocalAgent, startLocalAgent } from '../local-agent.test-support.ts';
import type { Probe } from '../types.ts';

const here = '127.0.0.34';
const timeoutMs = 3_000;
const silentMs = 300;
const everyMs = 10;

/** Reads until `done` likes the samples; mocha's own timeout is the deadline. */
async function until(sampler: Sampler, done: (samples: Sample[]) => boolean): Promise<Sample[]> {
  for (;;) {
    const samples = await sampler.peek();
    if (done(samples)) return samples;
  }
}

const opens = (samples: readonly Sample[]) => samples.filter(({ verdict }) => verdict === 'open').length;
const failures = (samples: readonly Sample[]) => samples.length - opens(samples);

/** Greets and echoes like an agent, and closes a connection after so many exchanges, with the last answer. */
function cuttingTcp(perConnection: number) {
  return createServer((socket) => {
    let exchanges = 0;
    socket.on('error', () => undefined).write('cutting 127.0.0.1\n');
    socket.on('data', (bytes) => {
      exchanges += 1;
      if (exchanges < perConnection) socket.write(bytes);
      else socket.end(bytes);
    });
  });
}

/** The same over HTTP, by a client that is not told beforehand. */
function cuttingHttp(perConnection: number) {
  const asked = new WeakMap<object, number>();
  return createHttpServer((request, response) => {
    const count = (asked.get(request.socket) ?? 0) + 1;
    asked.set(request.socket, count);
    response.end('fine', () => count < perConnection || request.socket.end());
  });
}

describe('a sampler', () => {
  let client: LocalAgent;
  let server: LocalAgent;
  let probes: Record<'tcp' | 'udp' | 'http', Probe>;
  let ports: { port: number; protocol: 'TCP' | 'UDP' | 'HTTP' }[];

  beforeEach(async () => {
    const [tcp, udp, http] = [await freePort(here), await freePort(here), await freePort(here)];
    ports = [
      { port: tcp, protocol: 'TCP' },
      { port: udp, protocol: 'UDP' },
      { port: http, protocol: 'HTTP' },
    ];
    probes = {
      tcp: { kind: 'tcp', host: here, port: tcp, timeoutMs },
      udp: { kind: 'udp', host: here, port: udp, timeoutMs },
      http: { kind: 'http', host: here, port: http, timeoutMs },
    };
    client = await startLocalAgent({ name: 'client', address: '127.0.0.35', ports: [] });
    server = await startLocalAgent({ name: 'server', address: here, ports });
  });
  afterEach(() => Promise.all([client.stop(), server.stop()]));

  for (const reuse of [false, true]) {
    for (const kind of ['tcp', 'udp', 'http'] as const) {
      it(`sees a ${kind} server go and come back, on ${reuse ? 'a kept connection' : 'new connections'}`, async () => {
        const sampler = await client.agent.sample({ probe: probes[kind], everyMs, reuse });
        await until(sampler, (samples) => opens(samples) >= 5);
        await server.stop();
        const down = await until(sampler, (samples) => failures(samples) >= 5);
        server = await startLocalAgent({ name: 'again', address: here, ports });
        await until(sampler, (samples) => opens(samples) > opens(down) + 5);
        const samples = await sampler.stop();
        expect(samples.map(({ atMs }) => atMs)).to.deep.equal(samples.map((_, i) => i * everyMs));
        expect(samples[0]).to.include({ verdict: 'open', responder: 'server' });
        expect(samples.findLast(({ verdict }) => verdict === 'open')?.responder).to.equal('again');
        expect(samples.some(({ error }) => error === 'ECONNREFUSED')).to.equal(true);
      });
    }
  }

  it('keeps one TCP connection with reuse and makes new ones without', async () => {
    const peers: Socket[] = [];
    const counting = createServer((socket) => {
      peers.push(socket);
      socket.on('error', () => undefined);
      socket.write('counting 127.0.0.1\n');
      socket.pipe(socket);
    }).listen(0, here);
    await once(counting, 'listening');
    const bound = counting.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const collect = async (reuse: boolean) => {
      const probe = { kind: 'tcp', host: here, port, timeoutMs } as const;
      const sampler = await client.agent.sample({ probe, everyMs, reuse });
      await until(sampler, (samples) => samples.length >= 10);
      const attempts = await sampler.stop();
      return { attempts: attempts.length, connections: peers.splice(0).length };
    };
    expect((await collect(true)).connections).to.equal(1);
    const fresh = await collect(false);
    counting.close();
    expect(fresh.connections).to.equal(fresh.attempts);
  });

  for (const kind of ['tcp', 'http'] as const) {
    it(`tells by its ordinal that a kept ${kind} connection was closed between two exchanges`, async () => {
      const perConnection = 3;
      const cutting = kind === 'tcp' ? cuttingTcp(perConnection) : cuttingHttp(perConnection);
      cutting.listen(0, here);
      await once(cutting, 'listening');
      const bound = cutting.address();
      const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
      const probe = { kind, host: here, port, timeoutMs };
      const sampler = await client.agent.sample({ probe, everyMs: 50, reuse: true });
      const cut = await until(sampler, (samples) => samples.some(({ connection = 0 }) => connection >= 2));
      await sampler.stop();
      cutting.close();
      expect(opens(cut)).to.be.greaterThan(perConnection);
      expect(cut.slice(0, perConnection).map(({ connection }) => connection)).to.deep.equal([0, 0, 0]);
    });
  }

  it('keeps the ordinal of a connection that lasts, and has none without reuse', async () => {
    for (const kind of ['tcp', 'udp', 'http'] as const) {
      const kept = await client.agent.sample({ probe: probes[kind], everyMs, reuse: true });
      await until(kept, (samples) => samples.length >= 20);
      expect(new Set((await kept.stop()).map(({ connection }) => connection)), kind).to.deep.equal(new Set([0]));
      const fresh = await client.agent.sample({ probe: probes[kind], everyMs, reuse: false });
      await until(fresh, (samples) => samples.length >= 2);
      expect(new Set((await fresh.stop()).map(({ connection }) => connection)), kind).to.deep.equal(
        new Set([undefined]),
      );
    }
  });

  it('counts an answer that is not as expected as an error', async () => {
    const spec = { probe: probes.tcp, everyMs, reuse: false };
    const wrong = await client.agent.sample({ ...spec, expect: { responders: ['other'] } });
    const [sample] = await until(wrong, (samples) => samples.length > 0);
    await wrong.stop();
    expect(sample).to.include({ verdict: 'open', error: 'answered by server' });
  });

  it('counts latency from the intended time when a kept connection stalls', async () => {
    const probe = { ...probes.http, path: '/slow?ms=60' } as const;
    const sampler = await client.agent.sample({ probe, everyMs, reuse: true });
    await until(sampler, (samples) => samples.length >= 4);
    const samples = await sampler.stop();
    const waits = samples.slice(0, 4).map(({ latencyUs }) => latencyUs);
    expect(waits).to.deep.equal(waits.toSorted((a, b) => a - b));
    expect(waits[3]).to.be.greaterThan(150_000);
  });

  it('drops nothing on a kept connection that falls behind but answers, until it is silent', async () => {
    const waiting = 20;
    const probe = { ...probes.http, path: '/slow?ms=60', timeoutMs: silentMs } as const;
    const behind = await client.agent.sample({ probe, everyMs, reuse: true });
    const answered = await until(behind, (samples) => samples.length >= waiting);
    expect(answered.at(-1)?.latencyUs).to.be.greaterThan(silentMs * 1000);
    expect(failures(answered)).to.equal(0);
    server.process.kill('SIGSTOP');
    await until(behind, (samples) => samples.some(({ verdict }) => verdict === 'dropped'));
    server.process.kill('SIGCONT');
    await behind.stop();
  });

  it('sees the silence of a stopped process as drops and its return', async () => {
    const probe = { ...probes.tcp, timeoutMs: silentMs };
    const sampler = await client.agent.sample({ probe, everyMs, reuse: true });
    await until(sampler, (samples) => opens(samples) >= 3);
    server.process.kill('SIGSTOP');
    const down = await until(sampler, (samples) => samples.some(({ verdict }) => verdict === 'dropped'));
    server.process.kill('SIGCONT');
    await until(sampler, (samples) => opens(samples) > opens(down));
    const dropped = (await sampler.stop()).find(({ verdict }) => verdict === 'dropped');
    expect(dropped?.latencyUs).to.be.at.least(silentMs * 1000);
  });
});
