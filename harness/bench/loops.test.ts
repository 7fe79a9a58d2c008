import { expect } from 'chai';
import { Timeouts } from '../base/timeouts.ts';
import { freePort, type LocalAgent, startLocalAgent } from '../probe/local-agent.test-support.ts';
import type { Bed } from './bed.ts';
import type { Path } from './paths.ts';
import { closedLoop } from './closed-loop.ts';
import { httpLatency } from './metrics/http-latency.ts';
import { tcpCrr } from './metrics/tcp-crr.ts';
import { tcpRr } from './metrics/tcp-rr.ts';
import { udpRr } from './metrics/udp-rr.ts';
import { profiles } from './profile.ts';
import { VisitContext } from './visit-context.ts';

const brief = { ...profiles.quick, warmUpMs: 20, loopMs: 150, latencyMs: 120 };
const { signal } = new AbortController();
const ctx = new VisitContext('bench-x', 'x', { emit: () => undefined, timeouts: Timeouts.parse({}), signal });

describe('loads of a comparison, over loopback', () => {
  let local: LocalAgent;
  let bed: Bed;
  before(async () => {
    const host = '127.0.0.11';
    const ports = { tcp: await freePort(host), udp: await freePort(host), http: await freePort(host) };
    const served = [
      { port: ports.tcp, protocol: 'TCP' as const },
      { port: ports.udp, protocol: 'UDP' as const },
      { port: ports.http, protocol: 'HTTP' as const },
    ];
    local = await startLocalAgent({ name: 'bench', address: host, ports: served });
    const path: Path = { name: 'host-host', from: local.agent, host, ports };
    bed = { paths: [path] } as unknown as Bed;
  });
  after(() => local.stop());

  for (const metric of [tcpRr, tcpCrr, udpRr]) {
    it(`give a rate of ${metric.title}`, async () => {
      const [reading] = await metric.measure(bed, brief, ctx);
      expect(reading?.labels).to.deep.equal({ path: 'host-host' });
      expect(reading).to.have.property('value').above(0);
    });
  }

  it('give latencies at the rate of their schedule, warm-up left out', async () => {
    const [reading] = await httpLatency.measure(bed, brief, ctx);
    if (reading === undefined || !('histogram' in reading)) throw new Error('no latencies');
    expect(reading.histogram.count).to.be.above(0);
  });

  it('give no rate where attempts fail', async () => {
    const port = await freePort('127.0.0.11');
    const probe = () => ({ kind: 'tcp', host: '127.0.0.11', port, timeoutMs: 5_000 }) as const;
    const error: unknown = await closedLoop(bed, brief, { paths: ['host-host'], probe, reuse: false }).catch(
      (cause: unknown) => cause,
    );
    expect(error)
      .to.be.an('error')
      .with.property('message')
      .that.matches(/^host-host: \d+ of \d+ attempts failed.*refused/);
  });
});
