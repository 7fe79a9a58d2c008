import { expect } from 'chai';
import { defineCase } from '../case/define-case.ts';
import { planCases } from './plan-cases.ts';

const run = () => Promise.resolve();
const all = [
  defineCase({ id: 'dns-a', title: 'a', area: 'dns', touches: 'own', rights: [], run }),
  defineCase({ id: 'dns-b', title: 'b', area: 'dns', touches: 'own', rights: [], tier: 'extended', run }),
  defineCase({ id: 'mesh-a', title: 'a', area: 'mesh', touches: 'own', rights: [], run }),
];
const chosen = { include: [], exclude: [], area: [], tier: [], all: false, lastFailed: false } as const;
const options = { ...chosen, mesh: 'none', reuse: false } as const;
const plan = (change: object = {}) => {
  const { cases, leftOut } = planCases(all, {
    ...options,
    kubeconfig: undefined,
    include: [],
    exclude: [],
    area: [],
    tier: [],
    ...change,
  });
  return { cases: cases.map(({ id }) => id), leftOut: leftOut.map(({ cases: count, ids }) => [count, ...ids]) };
};

describe('planCases', () => {
  it('names what a run does not plan, those of a mesh nobody asked for among it', () => {
    expect(plan()).to.eql({
      cases: ['dns-a'],
      leftOut: [
        [1, 'dns-b'],
        [1, 'mesh-a'],
      ],
    });
    expect(plan({ all: true })).to.eql({ cases: ['dns-a', 'dns-b'], leftOut: [[1, 'mesh-a']] });
    expect(plan({ all: true, mesh: 'istio' }).leftOut).to.eql([]);
    expect(plan({ all: true, kubeconfig: 'a file' }).leftOut).to.eql([]);
  });

  it('counts what the command line did not choose', () => {
    expect(plan({ include: ['dns-a'] })).to.eql({ cases: ['dns-a'], leftOut: [[2]] });
    expect(() => plan({ exclude: ['*'] })).to.throw(/no case is left/);
    expect(plan({ area: ['dns'], tier: ['extended'] })).to.eql({ cases: ['dns-b'], leftOut: [[2]] });
    expect(plan({ all: true, shard: { index: 2, of: 2 } })).to.eql({
      cases: ['dns-b'],
      leftOut: [
        [1, 'mesh-a'],
        [1, 'dns-a'],
      ],
    });
  });
});
