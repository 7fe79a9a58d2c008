import { expect } from 'chai';
import { anyDisruption, beyondOwn, type Consent, missingConsent } from './touches.ts';
import { fakeCase, engineOf, bench } from './fake-engine.test-support.ts';
import { startCases } from './engine.ts';
import { firstGap } from './needs.ts';

const pass = () => Promise.resolve();
const nobody: Consent = new Set();
const dns = beyondOwn('cluster', 'dns', 'the Corefile is changed');
const hostBench = { ...bench, touches: beyondOwn('node', 'host-ports', 'takes port 1') };

describe('consent', () => {
  it('is asked for what a case does, and for what its fixtures do', () => {
    for (const [more, consent, said] of [
      [{}, nobody, undefined],
      [{ touches: dns }, nobody, /--allow-disruption=dns \(the Corefile is changed\)/],
      [{ touches: dns }, new Set(['mesh'] as const), /--allow-disruption=dns/],
      [{ touches: dns }, new Set(['dns'] as const), undefined],
      [{ uses: [hostBench] }, new Set(['dns'] as const), /--allow-disruption=host-ports \(takes port 1\)/],
      [{ touches: dns, uses: [hostBench] }, nobody, /=dns,host-ports \(the Corefile is changed; takes port 1\)/],
      [{ touches: dns, uses: [hostBench] }, anyDisruption, undefined],
    ] as const) {
      const missing = missingConsent(fakeCase('dns-a', pass, more), consent);
      if (said === undefined) expect(missing).to.equal(undefined);
      else expect(missing).to.match(said);
    }
  });

  it('that is missing skips a case with its reason, and nothing of it runs', async () => {
    const ran: string[] = [];
    const runs = (id: string) => () => Promise.resolve(void ran.push(id));
    const cases = [fakeCase('dns-a', runs('dns-a'), { touches: dns }), fakeCase('dns-b', runs('dns-b'))];
    const { options } = engineOf(cases, { consent: nobody });
    const [kept, judged] = await startCases(options).done;
    expect(kept)
      .to.include({ outcome: 'skipped' })
      .with.property('reason')
      .that.matches(/--allow-disruption=dns/);
    expect(judged).to.include({ outcome: 'passed' });
    expect(ran).to.deep.equal(['dns-b']);
  });

  it('goes before what a case needs of the network: a needless failure of --require would blame that', async () => {
    const needs = [{ feature: 'NetworkPolicy' }] as const;
    const required = new Set(['NetworkPolicy'] as const);
    const state = { feature: 'NetworkPolicy', observed: false, declared: false, evidence: 'none' } as const;
    const features = new Map([[state.feature, state]]);
    expect(firstGap(needs, features, required)).to.include({ outcome: 'failed' });
    const { options } = engineOf([fakeCase('dns-a', pass, { touches: dns, needs })], {
      consent: nobody,
      features,
      required,
    });
    expect((await startCases(options).done)[0]).to.include({ outcome: 'skipped' });
  });
});
