import { expect } from 'chai';
import type { Agent } from '../probe/agent-types.ts';
import type { Probe, ProbeResult } from '../probe/types.ts';
import type { Clock } from '../base/clock.ts';
import { settle } from '../base/settle.ts';
import type { CheckContext, SettleOptions } from './check-context.ts';
import { answers, ask, settleAndExpectDns } from './dns-queries.ts';
import { clusterDns, Outages, serviceRouting } from './outages.ts';
import { settleAndExpect } from './settle-checks.ts';
import { open } from './checks.ts';
import { agentStub, timeouts } from './stubs.test-support.ts';

const answer: ProbeResult = { verdict: 'open', elapsedUs: 1, dns: { rcode: 'NOERROR', answers: ['10.0.0.1'], ms: 1 } };
const silence: ProbeResult = { verdict: 'refused', elapsedUs: 1 };
const wrong: ProbeResult = { verdict: 'open', elapsedUs: 1, dns: { rcode: 'NXDOMAIN', answers: [], ms: 1 } };

/** A case on a clock of its own; `waited` is how long it took. */
function standing(outages: Outages, caseId: string) {
  let now = 0;
  const clock: Clock = {
    now: () => now,
    pause: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  };
  const ctx = {
    caseId,
    outages,
    timeouts,
    settle: async (what: string, sample: () => Promise<string | undefined>, options: SettleOptions) =>
      (await settle({ what, sample, consecutive: 3, pollMs: 100, timeoutMs: options.timeoutMs ?? 30_000, clock })).ms,
    measure: () => undefined,
    table: () => undefined,
  } as unknown as CheckContext;
  return { ctx, waited: () => clock.now() };
}

const clients = (say: (probe: Probe) => ProbeResult) =>
  ['a', 'b'].map((name) => agentStub({ name }, say)) as readonly Agent[];

async function resolved(outages: Outages, say: () => ProbeResult, server?: string) {
  const { ctx, waited } = standing(outages, 'dns-x');
  const probe = ask(ctx, 'A', 'x.', server === undefined ? {} : { server });
  const checks = clients(say).map((from) => ({ from, probe, want: answers('10.0.0.1') }));
  const failed = await settleAndExpectDns(ctx, 'it resolves', checks).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  return { failed, waited: waited() };
}

async function served(outages: Outages, say: () => ProbeResult) {
  const { ctx, waited } = standing(outages, 'services-x');
  const probe: Probe = { kind: 'tcp', host: '10.96.0.9', port: 80, timeoutMs: 100 };
  const checks = clients(say).map((from) => ({ from, probe, want: open() }));
  const failed = await settleAndExpect(ctx, 'it answers', checks).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  return { failed, waited: waited() };
}

const near = (waited: number, ms: number) => expect(waited).to.be.within(ms, ms + 1_000);

describe('DNS that does not answer at all', () => {
  it('is given up sooner than an answer that is not right yet', async () => {
    near((await resolved(new Outages(), () => wrong)).waited, timeouts.dnsSettleMs);
    near((await resolved(new Outages(), () => silence)).waited, timeouts.dnsSilenceMs);
  });

  it('is waited for briefly once a case has waited in vain; each case looks for itself and fails by itself', async () => {
    const outages = new Outages();
    await resolved(outages, () => silence);
    const next = await resolved(outages, () => silence);
    expect(next.failed).to.match(/did not settle within 4000 ms.*refused/);
    near(next.waited, timeouts.knownSilenceMs);
  });

  it('passes a case that gets its answers, and ends what was known with the first answer', async () => {
    const outages = new Outages();
    await resolved(outages, () => silence);
    expect((await resolved(outages, () => answer)).failed).to.equal(undefined);
    expect(outages.isKnown(clusterDns)).to.equal(false);
  });

  it('leaves the whole time to a wait that has heard anything', async () => {
    const outages = new Outages();
    await resolved(outages, () => silence);
    let looks = 0;
    near((await resolved(outages, () => (looks++ === 0 ? wrong : silence))).waited, timeouts.dnsSettleMs);
  });

  it('is not said of a server that a case names', async () => {
    const outages = new Outages();
    near((await resolved(outages, () => silence, '10.0.0.9')).waited, timeouts.dnsSettleMs);
    expect(outages.isKnown(clusterDns)).to.equal(false);
  });

  it('is told once, early, with how many clients asked', async () => {
    const said: string[] = [];
    const outages = new Outages((line) => said.push(line));
    await resolved(outages, () => silence);
    await resolved(outages, () => silence);
    expect(said).to.deep.equal(['DNS does not answer at all: 2 of 2 clients']);
  });
});

describe('Services that do not answer at all', () => {
  it('are waited for briefly only once two cases have waited in vain', async () => {
    const outages = new Outages();
    near((await served(outages, () => silence)).waited, timeouts.settleMs);
    near((await served(outages, () => silence)).waited, timeouts.settleMs);
    expect(outages.isKnown(serviceRouting)).to.equal(true);
    near((await served(outages, () => silence)).waited, timeouts.knownSilenceMs);
    expect((await served(outages, () => answer)).failed).to.equal(undefined);
    expect(outages.isKnown(serviceRouting)).to.equal(false);
  });

  it('are told of by the third case: a new Service is silent until it has endpoints', async () => {
    const said: string[] = [];
    const outages = new Outages((line) => said.push(line));
    await served(outages, () => silence);
    await served(outages, () => silence);
    expect(said).to.deep.equal([]);
    await served(outages, () => silence);
    expect(said).to.deep.equal(['Services do not answer at all: 2 of 2 clients']);
  });
});
