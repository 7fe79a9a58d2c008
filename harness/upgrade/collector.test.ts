import { expect } from 'chai';
import type { FleetAgent } from '../probe/client.ts';
import type { TrailReading } from '../probe/agent-types.ts';
import { Collector } from './collector.ts';
import type { Lane } from './lane.ts';
import type { Member, Roster } from './roster.ts';

const spec = { probe: { kind: 'tcp', host: 'web', port: 1, timeoutMs: 1_000 }, everyMs: 100, reuse: false } as const;
const lane = (more: Partial<Lane> = {}): Lane => ({
  ...{ id: 'l', class: 'cluster-ip', client: { workload: 'plain', node: 'n1' }, to: 'Service web', transport: 'TCP' },
  ...{ connections: 'new', expected: 'open', spec },
  ...more,
});

/** An agent whose trails hold what a test puts there; a new process has none. */
class FakeAgent {
  trails = new Map<string, TrailReading['trails'][string]>();
  stalls: TrailReading['stalls'] = [];
  isSilent = false;

  start(name: string): Promise<void> {
    this.trails.set(name, { startMs: 0, first: 0, runs: [] });
    return Promise.resolve();
  }

  end(name: string): Promise<void> {
    this.trails.delete(name);
    return Promise.resolve();
  }

  read(from: Readonly<Record<string, number>>): Promise<TrailReading> {
    if (this.isSilent) return Promise.reject(new Error('no answer'));
    const trails = Object.entries(from).flatMap(([name, first]) => {
      const trail = this.trails.get(name);
      return trail === undefined ? [] : [[name, { ...trail, first, runs: trail.runs.slice(first) }] as const];
    });
    return Promise.resolve({ nowMs: 10_000, stalls: this.stalls, trails: Object.fromEntries(trails) });
  }

  /** Attempts of every trail, as letters: `.` well, `x` dropped. */
  see(text: string): void {
    const runs = [...text.matchAll(/(.)\1*/gv)].map(({ 0: run, index }) => {
      const verdict = run.startsWith('.') ? ('open' as const) : ('dropped' as const);
      return { from: index, count: run.length, verdict, sumUs: 0, maxUs: 0 };
    });
    for (const name of this.trails.keys()) this.trails.set(name, { startMs: 0, first: 0, runs });
  }
}

describe('the collector', () => {
  let agent = new FakeAgent();
  let lanes: Lane[] = [];
  let members: Member[] = [];
  let collector: Collector;
  const member = (role: string, node: string, fake: FakeAgent): Member => {
    return {
      role,
      node,
      pod: `${role}-${node}-${members.length}`,
      ip: '10.0.0.1',
      agent: { trails: fake } as unknown as FleetAgent,
    };
  };
  beforeEach(() => {
    agent = new FakeAgent();
    lanes = [lane()];
    members = [];
    members.push(member('plain', 'n1', agent));
    const roster = {
      all: () => members,
      at: ({ workload, node }: { workload: string; node: string }) =>
        members.find((one) => one.role === workload && one.node === node),
    };
    collector = new Collector(roster as unknown as Roster, () => lanes);
  });

  const windows = () => collector.take(Infinity, true).map(({ kind, attempts }) => `${kind} ${attempts}`);

  it('starts a trail for every lane and reads it, each attempt once', async () => {
    await collector.poll();
    expect(agent.trails.size).to.equal(1);
    agent.see('...xx.');
    await collector.poll();
    await collector.poll();
    expect(collector.books.get('l')?.totals.before).to.include({ attempts: 6, failed: 2 });
    expect(windows()).to.deep.equal(['down 2']);
  });

  it('reads later what an agent saw while nobody could ask it', async () => {
    await collector.poll();
    agent.isSilent = true;
    agent.see('..xx');
    await collector.poll();
    expect(collector.books.get('l')?.totals.before.attempts).to.equal(0);
    agent.isSilent = false;
    agent.see('..xx..');
    await collector.poll();
    expect(collector.books.get('l')?.totals.before).to.include({ attempts: 6, failed: 2, lost: 0 });
  });

  it('calls lost, not up, what a process that is gone did not tell, and samples anew', async () => {
    await collector.poll();
    agent.see('....');
    await collector.poll();
    agent.trails.clear();
    await collector.poll();
    await collector.poll();
    expect(agent.trails.size).to.equal(1);
    expect(collector.books.get('l')?.totals.before.lost).to.be.above(0);
    expect(windows()[0]).to.match(/^lost /);
  });

  it('starts anew towards an address that changed', async () => {
    await collector.poll();
    const [before] = agent.trails.keys();
    lanes = [lane({ spec: { ...spec, probe: { ...spec.probe, host: 'elsewhere' } } })];
    await collector.poll();
    expect([...agent.trails.keys()])
      .to.have.length(1)
      .and.not.include(before);
  });

  it('excuses what a pod behind the Service did not answer while it did not run', async () => {
    const server = new FakeAgent();
    members.push(member('web', 'n2', server));
    await collector.poll();
    agent.see('..xx..');
    // The agents' clock stands at 10 s; the attempts were due at 200 and 300 ms of it.
    server.stalls = [{ endedAgoMs: 9_600, ms: 300 }];
    await collector.poll();
    expect(windows()).to.deep.equal(['starved 2']);
  });
});
