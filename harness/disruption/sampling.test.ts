import { expect } from 'chai';
import { nearestRank as quantile } from '../measure/statistics.ts';
import { tellable } from './sampling.ts';

describe('quantiles of samples', () => {
  it('are values that were seen', () => {
    expect(quantile([30, 10, 20, 40], 0.5)).to.equal(20);
    expect(quantile([30, 10, 20, 40], 0.9)).to.equal(40);
    expect(quantile([7], 0.01)).to.equal(7);
    expect(quantile([], 0.5)).to.equal(undefined);
  });
  it('are told only from enough samples', () => {
    expect(tellable(99).map((one) => one.name)).to.deep.equal(['p50']);
    expect(tellable(1_000).map((one) => one.name)).to.deep.equal(['p50', 'p90', 'p99']);
    expect(tellable(10_000).map((one) => one.name)).to.include('p99.9');
  });
});
