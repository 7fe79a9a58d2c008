import { expect } from 'chai';
import { MetricName, type Metric } from './case-events.ts';

/** Compiles for literals that name a metric alone: what the writer checks as well. */
function named<M extends string>(metric: M & Metric<M>): void {
  MetricName.parse(metric);
}

describe('the name of a metric', () => {
  it('is an identifier when it compiles', () => {
    for (const name of ['loss', 'downtime.longest', 'p99_latency', 'a'] as const) named(name);
  });

  it('does not compile in words, in capitals, after a digit, empty, or where nobody knows it yet', () => {
    const wrong = [
      // @ts-expect-error it has words
      () => named('clients moved'),
      // @ts-expect-error it has capitals
      () => named('Loss'),
      // @ts-expect-error a digit comes first
      () => named('1_mib'),
      // @ts-expect-error it is an empty name
      () => named(''),
      // @ts-expect-error it has a colon
      () => named('settle:table'),
    ];
    for (const call of wrong) expect(call).to.throw('a metric is named');
    // @ts-expect-error any text at all
    named(['loss'].join());
  });
});
