import { expect } from 'chai';
import { nearestRank, printablePercentiles } from './statistics.ts';

describe('nearest ranks', () => {
  it('are values that were seen', () => {
    expect(nearestRank([30, 10, 20, 40], 0.5)).to.equal(20);
    expect(nearestRank([30, 10, 20, 40], 0.9)).to.equal(40);
    expect(nearestRank([7], 0.01)).to.equal(7);
    expect(nearestRank([], 0.5)).to.equal(undefined);
  });
  it('are told only from enough samples', () => {
    expect(printablePercentiles(99).map((one) => one.name)).to.deep.equal(['p50']);
    expect(printablePercentiles(1_000).map((one) => one.name)).to.deep.equal(['p50', 'p90', 'p99']);
    expect(printablePercentiles(10_000).map((one) => one.name)).to.include('p99.9');
  });
});
