import { settleTwice } from './settle-checks.ts';
import { AssertionError, expect } from 'chai';
import type { ProbeResult } from '../probe/types.ts';
import { InconclusiveError } from '../base/errors.ts';
import {
  closed,
  difference,
  disagreement,
  expectAsWanted,
  measure,
  noAgentAnswers,
  observe,
  open,
  refused,
  type Want,
} from './checks.ts';
import { reach } from './probes.ts';
import { agentStub, timeouts } from './stubs.test-support.ts';

const result = (fields: Partial<ProbeResult>): ProbeResult => ({ verdict: 'open', elapsedUs: 1, ...fields });
const probe = reach({ timeouts }, 'tcp', '10.0.0.9', 80);

describe('a check', () => {
  it('agrees with its verdict, responder and peer', () => {
    const seen = result({ responder: 'b', peerSeen: '10.0.0.1' });
    expect(difference({ ...open('b', 'c'), peers: ['10.0.0.1'] }, seen)).to.equal(undefined);
  });
  it('differs by verdict: a dropped packet is no refusal', () => {
    expect(difference(refused, result({ verdict: 'dropped' }))).to.equal('wanted refused');
    expect(difference(closed, result({ verdict: 'dropped' }))).to.equal(undefined);
    expect(difference(closed, result({ verdict: 'open' }))).to.include('wanted refused or dropped');
  });
  it('lets strangers answer where only agents must not', () => {
    expect(difference(noAgentAnswers, result({}))).to.equal(undefined);
    expect(difference(noAgentAnswers, result({ responder: 'a' }))).to.include('wanted refused or dropped');
    expect(difference(closed, result({}))).to.include('wanted refused or dropped');
  });
  it('differs by responder, also when nobody says who answered', () => {
    expect(difference(open('b'), result({ responder: 'c' }))).to.equal('wanted an answer of b');
    expect(difference(open('b'), result({}))).to.equal('wanted an answer of b');
  });
  it('differs by the source address the server saw', () => {
    const want = { ...open(), peers: ['10.0.0.1'] };
    expect(difference(want, result({ peerSeen: '10.0.0.254' }))).to.include('10.0.0.1');
  });
});

describe('settling twice', () => {
  const run = async (...seen: (string | undefined)[]) => {
    const relapses: string[] = [];
    let settled = 0;
    const sample = () => Promise.resolve(seen.shift());
    const ctx = {
      settle: () => Promise.resolve((settled += 1)),
      measure: (name: string) => void relapses.push(name),
    };
    await settleTwice(ctx, 'all answer', sample);
    return { settled, relapses, left: seen.length };
  };
  it('confirms once where all stays well', async () => {
    expect(await run(undefined)).to.deep.equal({ settled: 1, relapses: [], left: 0 });
  });
  it('forgives one relapse and counts it', async () => {
    expect(await run('one dropped', undefined)).to.deep.equal({ settled: 2, relapses: ['settle_relapses'], left: 0 });
  });
  it('fails on the second one, and says what it saw', async () => {
    const thrown: unknown = await run('one dropped', 'one refused').catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(AssertionError).with.property('message').that.includes('one refused');
    expect(thrown).to.have.property('message').that.includes('all answer');
  });
});

describe('measuring checks', () => {
  it('takes one round trip an agent and keeps the order', async () => {
    const a = agentStub({ name: 'a' }, () => result({ responder: 'for-a' }));
    const b = agentStub({ name: 'b' }, () => result({ responder: 'for-b' }));
    const seen = await measure([a, b, a].map((from) => ({ from, probe, want: open() })));
    expect(seen.map((one) => one.result.responder)).to.deep.equal(['for-a', 'for-b', 'for-a']);
    expect([a.roundTrips, b.roundTrips]).to.deep.equal([1, 1]);
  });

  it('refuses to judge by a broken tool', async () => {
    const from = agentStub({ name: 'a' }, () => result({ verdict: 'inconclusive', error: 'agent is gone' }));
    const thrown: unknown = await measure([{ from, probe, want: closed }]).catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(InconclusiveError).with.property('message').that.includes('agent is gone');
  });

  it('judges what is conclusive first: a broken probe hides no disagreement', async () => {
    const gone = agentStub({ name: 'a' }, () => result({ verdict: 'inconclusive', error: 'agent is gone' }));
    const from = agentStub({ name: 'b' }, () => result({ verdict: 'dropped', error: 'timeout' }));
    const both = (want: Want) => observe([gone, from].map((agent) => ({ from: agent, probe, want })));
    expect(disagreement(await both(open()))).to.match(/^1 of 2 differ, first: b on node/);
    const agreeing = await both(closed);
    expect(() => disagreement(agreeing)).to.throw(InconclusiveError, 'agent is gone');
    expect(() => expectAsWanted(agreeing)).to.throw(InconclusiveError, 'agent is gone');
  });

  it('tells the first disagreement and how many there are', async () => {
    const from = agentStub({ name: 'a', node: 'n1' }, () => result({ verdict: 'dropped', error: 'timeout' }));
    const seen = await measure([1, 2].map(() => ({ from, probe, want: open() })));
    expect(disagreement(seen)).to.equal(
      '2 of 2 differ, first: a on n1 -> tcp 10.0.0.9:80: dropped (timeout); wanted open',
    );
    expect(() => expectAsWanted(seen)).to.throw(AssertionError, 'a on n1 -> tcp 10.0.0.9:80: dropped');
  });

  it('does not pass on nothing', () => {
    expect(() => expectAsWanted([])).to.throw(AssertionError, 'probes run');
  });
});
