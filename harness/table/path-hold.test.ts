import type { Agent } from '../probe/agent-types.ts';
import { expect } from 'chai';
import { InconclusiveError } from '../base/errors.ts';
import type { Probe, ProbeResult } from '../probe/types.ts';
import type { CheckContext } from './check-context.ts';
import { holdPaths } from './path-hold.ts';
import { agentStub, timeouts } from './stubs.test-support.ts';

const ownHost = '127.0.0.1';
const probe: Probe = { kind: 'udp', host: '10.0.0.2', port: 80, timeoutMs: 100 };
const control: Probe = { ...probe, host: ownHost };
const answer = (ms: number): ProbeResult => ({ verdict: 'open', elapsedUs: ms * 1000 });
const silence: ProbeResult = { verdict: 'dropped', elapsedUs: 100_000 };

/** An agent that answers look by look: `[of the path, of its loopback]`, the latter being asked first. */
function agentOf(looks: (look: number) => [ProbeResult, ProbeResult]): Agent {
  let look = -1;
  return agentStub({ name: 'a', node: 'n1' }, (asked) => {
    const isOwn = 'host' in asked && asked.host === ownHost;
    if (isOwn) look += 1;
    return looks(look)[isOwn ? 1 : 0];
  });
}

function context(): CheckContext {
  const settle: CheckContext['settle'] = async (_what, sample) => {
    while ((await sample()) !== undefined);
    return 0;
  };
  const nothing = () => undefined;
  return {
    caseId: 'x',
    timeouts,
    signal: new AbortController().signal,
    settle,
    step: (_title: string, work: () => Promise<unknown>) => work(),
    measure: nothing,
    parameter: nothing,
    attach: nothing,
    defer: nothing,
  } as unknown as CheckContext;
}

async function errorOf(from: Agent, servers: readonly Agent[] = []): Promise<unknown> {
  const differs = ({ verdict }: ProbeResult) => (verdict === 'open' ? undefined : 'wanted open');
  const paths = [{ from, probe, differs }];
  const options = { what: 'it answers', paths, servers, control: () => control, looks: 20 };
  return holdPaths(context(), { ...options, everyMs: 1, slowMs: 25 }).catch((error: unknown) => error);
}

describe('holdPaths', () => {
  it('waits for the first agreement, and passes what stays', async () => {
    expect(await errorOf(agentOf((look) => [look < 3 ? silence : answer(1), answer(1)]))).to.equal(undefined);
  });

  it('fails a path that relapses twice and again in the second hold, naming who asked whom and how often', async () => {
    const error = await errorOf(agentOf((look) => [[5, 9, 30].includes(look) ? silence : answer(1), answer(1)]));
    expect(error).to.be.an('error').with.property('name', 'AssertionError');
    expect(String(error)).to.contain('a on n1 -> udp 10.0.0.2:80: dropped').and.to.contain('2 of 20 looks');
  });

  it('says what a DNS server answered instead', async () => {
    const dns = { rcode: 'SERVFAIL', answers: [], truncated: false };
    const bad = { ...answer(1), dns } as unknown as ProbeResult;
    const isBad = (look: number) => look === 5 || look > 20;
    const from = agentOf((look) => [isBad(look) ? bad : answer(1), answer(1)]);
    const options = { what: 'it answers', control: () => control, looks: 30, everyMs: 1, slowMs: 25 };
    const differs = (result: ProbeResult) => (result.dns === undefined ? undefined : 'wanted NOERROR');
    const error = await holdPaths(context(), { ...options, paths: [{ from, probe, differs }] }).catch(String);
    expect(error).to.contain('open, SERVFAIL with no records; wanted NOERROR in 11 of 30 looks');
  });

  it('is inconclusive where the agent mostly does not reach itself', async () => {
    expect(
      await errorOf(agentOf((look) => [look === 0 ? answer(1) : silence, look === 0 ? answer(1) : silence])),
    ).to.be.instanceOf(InconclusiveError);
  });

  it('fails a slow path, against its own loopback and the quicker paths', async () => {
    let asked = 0;
    const ask = async (slowMs: number, others: number, own: (look: number) => number = () => 1) => {
      const hosts = ['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'];
      const from = agentStub({ name: 'a', node: 'n1' }, (one) => {
        const host = 'host' in one ? one.host : '';
        return answer(host === ownHost ? own(asked++) : host === hosts[0] ? slowMs : others);
      });
      const paths = hosts.map((host) => ({ from, probe: { ...probe, host }, differs: () => undefined }));
      const options = { what: 'it answers', paths, control: () => control, looks: 20, everyMs: 1, slowMs: 25 };
      return String(await holdPaths(context(), options).catch((error: unknown) => error));
    };
    expect(await ask(41, 2))
      .to.contain(
        '10.0.0.2:80: slow, later than own loopback: three of four answers by 40.0 ms or more, median 40.0 ms (limit',
      )
      .and.not.contain('10.0.0.3');
    expect(await ask(41, 20), 'all are slow: the servers are busy').to.equal('undefined');
    expect(await ask(120, 20)).to.contain('slow');
    const busyAgent = await ask(120, 2, (look) => (look % 3 === 0 ? 40 : 1));
    expect(busyAgent, 'servers are as slow as the agents that ask').to.contain('as the agents themselves were');
  });

  it('lets go a path that is slow in one hold and not in a second', async () => {
    let look = 0;
    const hosts = ['10.0.0.2', '10.0.0.3', '10.0.0.4'];
    const from = agentStub({ name: 'a', node: 'n1' }, (one) => {
      const host = 'host' in one ? one.host : '';
      if (host === ownHost) look += 1;
      return answer(host === hosts[0] && look < 22 ? 41 : 1);
    });
    const paths = hosts.map((host) => ({ from, probe: { ...probe, host }, differs: () => undefined }));
    const options = { what: 'it answers', paths, control: () => control, looks: 20, everyMs: 1, slowMs: 25 };
    await holdPaths(context(), options);
    expect(look, 'looks, the settling ones included').to.be.above(30);
  });

  it('excuses silence of a look in which an agent that serves did not run, and only that', async () => {
    const silentTwice = () => agentOf((look) => [look % 5 === 4 ? silence : answer(1), answer(1)]);
    const stalledBy = (ms: number) => {
      const server = {
        ...agentStub({ name: 'b', ips: ['10.0.0.2'] }),
        stalls: () => Promise.resolve([{ endedAgoMs: 0, ms }]),
      };
      return errorOf(silentTwice(), [server]);
    };
    expect(await stalledBy(60)).to.equal(undefined);
    expect(await stalledBy(40))
      .to.be.an('error')
      .with.property('name', 'AssertionError');
  });

  it('judges delay by the looks in which the agent itself was quick', async () => {
    const busyAtFirst = (look: number): [ProbeResult, ProbeResult] =>
      look < 8 ? [answer(90), answer(40)] : [answer(2), answer(1)];
    expect(await errorOf(agentOf(busyAtFirst))).to.equal(undefined);
    expect(await errorOf(agentOf(() => [answer(80), answer(30)]))).to.be.instanceOf(InconclusiveError);
  });
});
