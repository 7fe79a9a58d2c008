import * as hdr from 'hdr-histogram-js';
import { type PercentileName, printablePercentiles } from './statistics.ts';

/** 60 s in microseconds: longer waits are recorded as this, so a timeout never leaves the histogram. */
const highestUs = 60_000_000;

function emptyHistogram(): hdr.Histogram {
  return hdr.build({ lowestDiscernibleValue: 1, highestTrackableValue: highestUs, numberOfSignificantValueDigits: 3 });
}

/** Latency in microseconds, three significant digits, mergeable without loss. */
export class LatencyHistogram {
  private readonly histogram: hdr.Histogram;

  constructor(histogram: hdr.Histogram = emptyHistogram()) {
    this.histogram = histogram;
  }

  get count(): number {
    return this.histogram.totalCount;
  }

  get maxUs(): number {
    return this.histogram.maxValue;
  }

  /** Records one latency; timeouts included, as long as the wait was. */
  record(us: number): void {
    this.histogram.recordValue(Math.min(Math.max(1, Math.round(us)), highestUs));
  }

  /** Adds all of `other`. Percentiles of parts are never averaged; this is how parts become a whole. */
  merge(other: LatencyHistogram): void {
    this.histogram.add(other.histogram);
  }

  /** Returns any percentile in microseconds, whatever the sample size; reports use `percentiles`. */
  atPercentile(percentile: number): number {
    return this.histogram.getValueAtPercentile(percentile);
  }

  /** Returns those percentiles (microseconds) that the number of samples supports. */
  percentiles(): Partial<Record<PercentileName, number>> {
    const supported = printablePercentiles(this.count);
    return Object.fromEntries(supported.map(({ name, q }) => [name, this.atPercentile(q * 100)]));
  }

  /** Returns the compressed V2 form other HdrHistogram tools read. */
  encode(): string {
    return hdr.encodeIntoCompressedBase64(this.histogram);
  }
}

/** Returns the histogram `encode` wrote. @throws on anything else. */
export function decodeHistogram(text: string): LatencyHistogram {
  return new LatencyHistogram(hdr.decodeFromCompressedBase64(text));
}
