import { expect } from 'chai';
import { inventedSeries } from './compared.test-support.ts';
import { usualRule } from './judge.ts';
import { ratiosOf } from './ratios.ts';

const path = (name: string, values: readonly number[]) => ({
  ...inventedSeries(`rr ${name}`, 'higher', { net: values }),
  metric: 'rr',
  labels: { path: name },
});

describe('what a path costs', () => {
  it('is its share of the path below, round by round', () => {
    const all = [
      path('host-host', [100, 200, 300]),
      path('pod other node', [90, 160, 270]),
      path('loopback', [1, 1, 1]),
    ];
    const [ratio, ...more] = ratiosOf(all, usualRule);
    expect(more).to.deep.equal([]);
    expect(ratio).to.include({ path: 'pod other node', baseline: 'host-host', subject: 'net', rounds: 3, median: 0.9 });
    expect(ratio?.interval).to.deep.equal({ low: 0.8, high: 0.9 });
  });

  it('is not told where the path below was not measured, was zero, or is of another metric', () => {
    const alone = path('pod other node', [1]);
    expect(ratiosOf([alone], usualRule)).to.deep.equal([]);
    expect(ratiosOf([alone, path('host-host', [0])], usualRule)).to.deep.equal([]);
    expect(ratiosOf([alone, { ...path('host-host', [1]), metric: 'crr' }], usualRule)).to.deep.equal([]);
  });
});
