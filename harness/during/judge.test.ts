import { expect } from 'chai';
import type { Agent, Sample } from '../probe/agent-types.ts';
import { type AreaMeasured, judgeArea } from './judge.ts';
import type { CellState, Lane, SeenCell } from './types.ts';

const agent = (name: string, node: string) => ({ namespace: 'ns', name, node }) as Partial<Agent> as Agent;
const [client, near, far] = [agent('client', 'one'), agent('near', 'one'), agent('far', 'two')];
const probe = { kind: 'tcp', host: '10.0.0.1', port: 80, timeoutMs: 1_000 } as const;

const cell = (to: Agent, state: CellState): SeenCell => ({
  ...{ key: `client -> ${to.name}`, state, from: client, probe, ends: [client, to] },
  row: { from: 'client', to: to.name, expected: 'open', measured: state },
});
const lane = (to: Agent, denied: boolean): Lane => ({
  ...{ from: client, probe, denied, ends: [client, to], servers: [to], ownPort: 80 },
});
const calm = { control: [], stalled: false };
const samples = (...verdicts: Sample['verdict'][]): Sample[] =>
  verdicts.map((verdict, at) => ({ atMs: at * 50, verdict, latencyUs: 10 }));

const judge = (measured: Partial<AreaMeasured>) =>
  judgeArea({
    ...{ area: 'connectivity', impact: { pods: new Set(['ns/far']) }, looks: [], lanes: [] },
    ...{ injectedAt: 0, endedAt: 200, ...measured },
  });

describe('judging a table under a fault', () => {
  it('takes what the fault explains as lost, and what it does not for a failure once it is seen twice', () => {
    const looks = [
      [cell(far, 'lost'), cell(near, 'lost')],
      [cell(far, 'lost'), cell(near, 'lost')],
      [cell(far, 'as-wanted'), cell(near, 'as-wanted')],
    ];
    const verdict = judge({ looks });
    expect(verdict.lost).to.deep.equal(['client -> far: lost in 2 of 3 looks; expected open']);
    expect(verdict.unexplained).to.deep.equal(['client -> near: lost in 2 of 3 looks; expected open']);
    expect(judge({ looks: looks.slice(1) }).unexplained).to.deep.equal([]);
  });

  it('excuses no leak and no answer of a stranger, whatever the fault touches', () => {
    const verdict = judge({ looks: [[cell(far, 'leak')], [cell(far, 'as-wanted')]] });
    expect(verdict.leaks).to.have.length(1);
    expect(judge({ looks: [[cell(far, 'wrong')]] }).leaks).to.have.length(1);
    const seen = { ...calm, lane: lane(far, true), zero: 0, samples: samples('dropped', 'open', 'dropped') };
    expect(judge({ lanes: [seen] }).leaks[0]).to.contain('1 of 3 got through, the first 50 ms after');
    expect(judge({ lanes: [{ ...seen, zero: -200 }] }).leaks, 'before the fault').to.deep.equal([]);
  });

  it('tells downtime, and recovery from the end of the fault on', () => {
    const down = samples('open', ...Array<'dropped'>(5).fill('dropped'), 'open');
    const verdict = judge({ lanes: [{ ...calm, lane: lane(far, false), zero: 0, samples: down }] });
    expect([verdict.downtimeMs, verdict.recoveryMs]).to.deep.equal([250, 100]);
    expect(verdict.unexplained).to.deep.equal([]);
    const elsewhere = { ...calm, lane: lane(near, false), zero: 0, samples: down };
    expect(judge({ lanes: [elsewhere] }).unexplained[0]).to.contain('nothing got through for 250 ms');
  });

  it('holds a silence against the loopback of who asks, and against processes that did not run', () => {
    const down = samples('open', ...Array<'dropped'>(5).fill('dropped'), 'open');
    const silent = { ...calm, lane: lane(near, false), zero: 0, samples: down };
    const starved = judge({ lanes: [{ ...silent, control: samples('dropped', 'open') }] });
    expect([starved.unexplained, starved.unknown, starved.downtimeMs]).to.deep.equal([[], [], 0]);
    const stalled = judge({ lanes: [{ ...silent, stalled: true }] });
    expect(stalled.unexplained).to.deep.equal([]);
    expect(stalled.unknown).to.have.length(1);
  });

  it('says of a cell that no look could tell that nobody knows', () => {
    expect(judge({ looks: [[cell(near, 'unknown')], [cell(near, 'unknown')]] }).unknown).to.have.length(1);
    expect(judge({ looks: [[cell(near, 'unknown')], [cell(near, 'as-wanted')]] }).unknown).to.deep.equal([]);
  });

  it('explains by node, between two nodes, and within an area only', () => {
    const lost = { looks: [[cell(far, 'lost')], [cell(far, 'lost')]] };
    const fails = (impact: AreaMeasured['impact']) => judge({ ...lost, impact }).unexplained.length > 0;
    expect(fails({ nodes: new Set(['two']) })).to.equal(false);
    expect(fails({ between: ['two', 'one'] })).to.equal(false);
    expect(fails({ between: ['two', 'three'] })).to.equal(true);
    expect(fails({ pods: new Set(['ns/far']), areas: new Set(['dns']) })).to.equal(true);
    expect(fails({})).to.equal(true);
  });
});
