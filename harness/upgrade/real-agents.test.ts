import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, type LocalAgent, startLocalAgent } from '../probe/local-agent.test-support.ts';
import type { AgentPort, Probe } from '../probe/types.ts';
import { poll } from '../kube/poll.ts';
import { Collector, type SeenWindow } from './collector.ts';
import { harnessNowMs } from './harness-clock.ts';
import type { Lane } from './lane.ts';
import type { Member, Roster } from './roster.ts';

const client = { workload: 'plain', node: 'client' } as const;
const server = { workload: 'plain', node: 'server' } as const;
const address = { client: '127.0.0.41', server: '127.0.0.42' };

describe('the collector over real agents', () => {
  let ports: AgentPort[] = [];
  let agents: Record<'client' | 'server', LocalAgent>;
  let collector: Collector;
  let seen: SeenWindow[] = [];

  const startServer = () => startLocalAgent({ name: 'server', address: address.server, ports });
  const lane = (probe: Probe, reuse: boolean): Lane => ({
    ...{
      id: `${probe.kind} ${String(reuse)}`,
      class: 'other-node',
      client,
      server,
      to: 'server',
      transport: probe.kind,
    },
    ...{ connections: reuse ? 'reused' : 'new', expected: 'open', spec: { probe, everyMs: 50, reuse } },
  });
  const memberOf = (node: 'client' | 'server'): Member => {
    const { agent } = agents[node];
    return { role: 'plain', node, pod: `${node}-pod`, ip: address[node], agent };
  };
  const read = async (all = false) => {
    await collector.poll();
    seen.push(...collector.take(harnessNowMs(), all));
  };
  const attempts = () => [...collector.books.values()].map(({ totals }) => totals.before.attempts);
  const untilMore = (count: number) => {
    const before = attempts();
    return poll(30_000, async () => {
      await read();
      const now = attempts();
      return now.length > 0 && now.every((one, index) => one >= (before[index] ?? 0) + count) ? true : undefined;
    });
  };
  const kinds = () => new Set(seen.map(({ kind }) => kind));

  beforeEach(async () => {
    const [port, http] = [await freePort(address.server), await freePort(address.server)];
    ports = [
      { port, protocol: 'TCP' },
      { port, protocol: 'UDP' },
      { port: http, protocol: 'HTTP' },
    ];
    const started = await Promise.all([
      startLocalAgent({ name: 'client', address: address.client, ports: [] }),
      startServer(),
    ]);
    agents = { client: started[0], server: started[1] };
    seen = [];
    const to = { host: address.server, timeoutMs: 1_500 };
    const lanes = [
      lane({ kind: 'tcp', ...to, port }, false),
      lane({ kind: 'udp', ...to, port }, true),
      lane({ kind: 'http', ...to, port: http }, true),
    ];
    const all = () => [memberOf('client'), memberOf('server')];
    const at = ({ node }: { node: string }) => all().find((member) => member.node === node);
    collector = new Collector({ all, at } as unknown as Roster, () => lanes);
    await untilMore(5);
  });
  afterEach(async () => {
    agents.server.process.kill('SIGCONT');
    await Promise.all([agents.client.stop(), agents.server.stop()]);
  });

  it('sees a server that is gone as down, on every lane, from when it went until it was back', async () => {
    const goneMs = harnessNowMs();
    await agents.server.stop();
    await untilMore(10);
    agents = { ...agents, server: await startServer() };
    const backMs = harnessNowMs();
    await poll(30_000, async () => {
      await read();
      return [...collector.books.values()].some(({ isDown }) => isDown) ? undefined : true;
    });
    await read(true);
    // A starved machine may have lost an attempt before.
    const down = seen.filter(({ kind, toMs }) => kind === 'down' && toMs > goneMs);
    expect(new Set(down.map(({ lane: { id } }) => id)).size).to.equal(3);
    for (const { fromMs, recovered } of down) {
      expect(recovered).to.equal(true);
      expect(fromMs).to.be.lessThan(backMs);
    }
  });

  it('never calls a server that got no time to run down', async () => {
    agents.server.process.kill('SIGSTOP');
    await pause(2_500);
    agents.server.process.kill('SIGCONT');
    await untilMore(10);
    await read(true);
    expect(kinds()).to.deep.equal(new Set(['starved']));
  });

  it('calls lost what an agent that died did not tell, and goes on with the next', async () => {
    await agents.client.stop();
    await read();
    agents = { ...agents, client: await startLocalAgent({ name: 'client', address: address.client, ports: [] }) };
    await untilMore(10);
    await read(true);
    expect(kinds()).to.deep.equal(new Set(['lost']));
    for (const { totals } of collector.books.values()) expect(totals.before.lost).to.be.above(0);
  });
});
