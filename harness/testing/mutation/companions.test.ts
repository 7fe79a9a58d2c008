import { expect } from 'chai';
import { allowing } from './companions.ts';

const policy = (spec: object) => ({
  ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  metadata: { name: 'deny', namespace: 'ord-1' },
  spec,
});

describe('allowing', () => {
  it('admits in the directions that the policy isolates, for the same pods, under a name and label of its own', () => {
    const podSelector = { matchLabels: { pod: 'a' } };
    const both = allowing(policy({ podSelector, policyTypes: ['Ingress', 'Egress'] }));
    expect(both.spec).to.deep.equal({ podSelector, policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress: [{}] });
    expect(both.metadata).to.deep.include({ name: 'ordeal-mutation-deny', namespace: 'ord-1' });
    expect(both.metadata).to.have.nested.property('labels.ordeal\\.dev/mutation', 'companion');
  });

  it('isolates in no direction by itself', () => {
    const one = allowing(policy({ podSelector: {}, policyTypes: ['Egress'] }));
    expect(one.spec).to.deep.equal({ podSelector: {}, policyTypes: ['Egress'], egress: [{}] });
  });
});
