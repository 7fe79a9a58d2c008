import { expect } from 'chai';
import { apply, everything, labelled, policy, step } from './build.ts';
import { firstIsolation, isolationBy } from './isolation.ts';
import type { PolicyTemplate } from './types.ts';

const deny = policy('x', 'deny', labelled({ pod: 'a' }), { ingress: [] });

describe('whom policies isolate', () => {
  it('is told pod by pod, each direction once, whatever admits them', () => {
    const open = policy('x', 'open', labelled({ pod: 'a' }), { ingress: [{}], egress: [{}] });
    expect(isolationBy([deny, open])).to.equal('x/a egress,x/a ingress');
    expect(isolationBy([policy('y', 'all', everything, { egress: [] })])).to.equal('y/a egress,y/b egress,y/c egress');
    expect(isolationBy([policy('z', 'nobody', labelled({ pod: 'd' }), { ingress: [] })])).to.equal('');
  });

  it('is read of policies that speak of addresses too, and of the first step alone', () => {
    const byAddress: PolicyTemplate = {
      namespace: 'y',
      name: 'address',
      spec: (facts) => ({
        podSelector: everything,
        ingress: [{ from: [{ ipBlock: { cidr: `${facts.ip('x/a')}/32` } }] }],
      }),
    };
    const steps = [step('one', apply(byAddress)), step('two', apply(deny))];
    expect(firstIsolation({ steps })).to.equal('y/a ingress,y/b ingress,y/c ingress');
  });
});
