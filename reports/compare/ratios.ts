import { bootstrapDifference } from '../../harness/measure/bootstrap.ts';
import { seededRandom } from '../../harness/measure/random.ts';
import { median } from '../../harness/measure/statistics.ts';
import { fewestForInterval, type RuleOptions, valuesOf } from './judge.ts';
import type { Series } from './model.ts';
import type { Ratio } from './told.ts';

/** Which way shows what a step costs: the network against the machine's own, a Service against the pod behind it. */
const baselines: Readonly<Record<string, string>> = {
  'pod same node': 'loopback',
  'pod other node': 'host-host',
  ClusterIP: 'pod other node',
  NodePort: 'pod other node',
  hairpin: 'pod same node',
};

/**
 * Returns what a path gives of what its baseline gave in the same round: the median of rounds with its interval. They are
 * told, not tested: the same rounds are tested path by path.
 */
export function ratiosOf(all: readonly Series[], options: RuleOptions): Ratio[] {
  return all.flatMap((series) => {
    const { path } = series.labels;
    const baseline = path === undefined ? undefined : baselines[path];
    const reference = all.find((other) => baseline !== undefined && isSameBut(other, series, baseline));
    if (path === undefined || baseline === undefined || reference === undefined) return [];
    const subjects = [...new Set(series.values.map(({ subject }) => subject))];
    return subjects.flatMap((subject) => ratioOf({ series, reference, subject, path, baseline }, options));
  });
}

function isSameBut(other: Series, series: Series, path: string): boolean {
  const labels = JSON.stringify({ ...series.labels, path });
  const same = other.metric === series.metric && other.area === series.area && other.quantile === series.quantile;
  return same && JSON.stringify({ ...other.labels }) === labels;
}

interface Pairing {
  readonly series: Series;
  readonly reference: Series;
  readonly subject: string;
  readonly path: string;
  readonly baseline: string;
}

function ratioOf({ series, reference, subject, path, baseline }: Pairing, options: RuleOptions): Ratio[] {
  const below = new Map(reference.values.map((one) => [`${one.subject}\n${one.round}`, one.value]));
  const own = series.values.filter((one) => one.subject === subject);
  const shares = own.flatMap(({ round, value }) => {
    const base = below.get(`${subject}\n${round}`) ?? 0;
    return base === 0 ? [] : [value / base];
  });
  if (shares.length === 0 || valuesOf(series, subject).length === 0) return [];
  const random = seededRandom(options.seed);
  const interval = shares.length < fewestForInterval ? null : bootstrapDifference([0], shares, { ...options, random });
  return [{ id: series.id, path, baseline, subject, rounds: shares.length, median: median(shares), interval }];
}
