import { decodeHistogram, type LatencyHistogram } from '../harness/measure/histogram.ts';
import type { PercentileName } from '../harness/measure/statistics.ts';
import type { CaseHistogram, CaseRecord, RunRecord } from '../harness/events/record.ts';
import { duration } from './format.ts';
import { measureName } from './spreads.ts';

/** Latencies of one name, in microseconds. */
export interface Latencies {
  readonly name: string;
  readonly count: number;
  readonly percentiles: Partial<Record<PercentileName, number>>;
  readonly maxUs: number;
}

/** Returns the latencies of a run per area, metric and what they are of; parts are merged, never averaged. */
export function latenciesOf(run: RunRecord): Latencies[] {
  const named = run.cases.flatMap((one) => namedHistograms(one, `${one.area}: `));
  return [...Map.groupBy(named, ({ name }) => name)].map(([name, parts]) => merged(name, parts));
}

/** Returns the latencies of one case. */
export function latenciesOfCase(one: CaseRecord): Latencies[] {
  return namedHistograms(one, '').map((part) => merged(part.name, [part]));
}

interface Named {
  readonly name: string;
  readonly histogram: LatencyHistogram;
}

function namedHistograms({ histograms }: CaseRecord, prefix: string): Named[] {
  return histograms.map((one) => ({ name: `${prefix}${measureName(one)}`, histogram: decoded(one) }));
}

function decoded({ encoded }: CaseHistogram): LatencyHistogram {
  return decodeHistogram(encoded);
}

function merged(name: string, parts: readonly Named[]): Latencies {
  const [first, ...more] = parts.map(({ histogram }) => histogram);
  if (first === undefined) throw new TypeError(`no histogram is named ${name}`);
  more.forEach((part) => first.merge(part));
  return { name, count: first.count, percentiles: first.percentiles(), maxUs: first.maxUs };
}

/** Returns one line: `latency (protocol udp): n 500, p50 0.3 ms, p90 0.6 ms, max 4 ms`. */
export function latencyLine({ name, count, percentiles, maxUs }: Latencies): string {
  const said = Object.entries(percentiles).map(([percentile, us]) => `${percentile} ${duration(us / 1000)}`);
  return `${name}: ${[`n ${count}`, ...said, `max ${duration(maxUs / 1000)}`].join(', ')}`;
}
