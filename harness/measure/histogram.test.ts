import { expect } from 'chai';
import fc from 'fast-check';
import { decodeHistogram, LatencyHistogram } from './histogram.ts';

const latencies = fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 1, maxLength: 200 });

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  values.forEach((value) => histogram.record(value));
  return histogram;
}

describe('a latency histogram', () => {
  it('merges parts into exactly what recording all of them gives', () => {
    fc.assert(
      fc.property(latencies, latencies, fc.integer({ min: 1, max: 100 }), (left, right, percentile) => {
        const merged = histogramOf(left);
        merged.merge(histogramOf(right));
        const whole = histogramOf([...left, ...right]);
        expect(merged.count).to.equal(whole.count);
        expect(merged.atPercentile(percentile)).to.equal(whole.atPercentile(percentile));
      }),
    );
  });

  it('is within three significant digits of the exact percentile', () => {
    fc.assert(
      fc.property(latencies, fc.integer({ min: 1, max: 100 }), (values, percentile) => {
        const exact = values.toSorted((a, b) => a - b)[Math.ceil((percentile / 100) * values.length) - 1] ?? 0;
        expect(histogramOf(values).atPercentile(percentile)).to.be.closeTo(exact, exact / 1000 + 1);
      }),
    );
  });

  it('prints a percentile only with ten samples beyond it', () => {
    const names = (count: number) => Object.keys(histogramOf(Array.from({ length: count }, () => 7)).percentiles());
    expect(names(0)).to.deep.equal([]);
    expect(names(99)).to.deep.equal(['p50']);
    expect(names(999)).to.deep.equal(['p50', 'p90']);
    expect(names(1_000)).to.deep.equal(['p50', 'p90', 'p99']);
    expect(names(10_000)).to.deep.equal(['p50', 'p90', 'p99', 'p99.9']);
  });

  it('keeps waits beyond its range as the longest it knows', () => {
    expect(histogramOf([90_000_000]).maxUs).to.be.closeTo(60_000_000, 60_000);
    expect(histogramOf([0, 0.4]).count).to.equal(2);
  });

  it('comes back from its encoded form', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const decoded = decodeHistogram(histogramOf(values).encode());
        expect(decoded.count).to.equal(values.length);
        expect(decoded.atPercentile(90)).to.equal(histogramOf(values).atPercentile(90));
      }),
    );
  });
});
