import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { freePort, type LocalAgent, startLocalAgent } from '../local-agent.ts';
import type { Probe, Sample, Sampler } from '../types.ts';

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
