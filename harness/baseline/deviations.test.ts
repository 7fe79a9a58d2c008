import { expect } from 'chai';
import { podRef } from '../oracle/all-pairs.ts';
import { gridModel } from '../oracle/grid-model.test-support.ts';
import { truthTable } from '../oracle/judge.ts';
import { type Deviation, applyDeviations } from './deviations.ts';
import type { NetworkPolicy } from '../kube/network-policy.ts';

type Spec = NetworkPolicy['spec'];

function policyOf(spec: Spec): NetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'x' },
    spec: { podSelector: { matchLabels: { pod: 'a' } }, ...spec },
  };
}

function verdict(spec: Spec, deviations: readonly Deviation[], from: string, to: string): string | undefined {
  const world = gridModel({ networkPolicies: [applyDeviations(policyOf(spec), deviations)] });
  return truthTable(world, [{ from: podRef(from), to: podRef(to), port: 80, protocol: 'TCP' }]).cells[0]?.verdict;
}

const everywhere = { ipBlock: { cidr: '0.0.0.0/0' } };
const ingress: Spec = { policyTypes: ['Ingress'], ingress: [{ from: [everywhere] }] };
const egress: Spec = { policyTypes: ['Egress'], egress: [{ to: [everywhere, { podSelector: {} }] }] };

describe('deviations', () => {
  it('leave a policy as it is where there are none', () => {
    for (const spec of [ingress, egress, {}]) expect(applyDeviations(policyOf(spec), [])).to.deep.equal(policyOf(spec));
  });

  it('have an ipBlock select no pods, and the peers beside it as they were', () => {
    const blind: Deviation[] = ['ipblock-selects-no-pods'];
    expect([verdict(ingress, [], 'y/b', 'x/a'), verdict(ingress, blind, 'y/b', 'x/a')]).to.eql(['open', 'dropped']);
    expect(verdict(egress, blind, 'x/a', 'y/b')).to.equal('dropped');
    expect(verdict(egress, blind, 'x/a', 'x/b')).to.equal('open');
  });

  it('have an ipBlock of ingress admit its own namespace, never one of egress', () => {
    const both: Deviation[] = ['ipblock-selects-no-pods', 'ipblock-admits-own-namespace'];
    expect(verdict(ingress, both, 'x/b', 'x/a')).to.equal('open');
    expect(verdict(ingress, both, 'y/b', 'x/a')).to.equal('dropped');
    expect(verdict({ ...egress, egress: [{ to: [everywhere] }] }, both, 'x/a', 'x/b')).to.equal('dropped');
  });

  it('have rules of an unlisted direction isolate and admit, and an empty list of them do nothing', () => {
    const unlisted: Spec = { policyTypes: ['Egress'], egress: [], ingress: [{ from: [{ podSelector: {} }] }] };
    const act: Deviation[] = ['unlisted-rules-act'];
    expect([verdict(unlisted, [], 'y/b', 'x/a'), verdict(unlisted, act, 'y/b', 'x/a')]).to.eql(['open', 'dropped']);
    expect(verdict(unlisted, act, 'x/b', 'x/a')).to.equal('open');
    expect(verdict({ ...unlisted, ingress: [] }, act, 'y/b', 'x/a')).to.equal('open');
  });
});
