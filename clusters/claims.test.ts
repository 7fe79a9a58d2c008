import { expect } from 'chai';
import { claimsOf } from './index.ts';

describe('what a CNI claims on an existing cluster', () => {
  it('is that policies hold where it enforces them, and nothing that settings decide', () => {
    expect([claimsOf('calico'), claimsOf('cilium')]).to.eql(Array(2).fill({ NetworkPolicy: true }));
  });

  it('is nothing for one without policies, beside which another engine may run, and for one nobody knows', () => {
    expect([claimsOf('flannel'), claimsOf('other')]).to.eql([{}, {}]);
  });
});
