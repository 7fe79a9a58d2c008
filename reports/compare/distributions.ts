import { decodeHistogram, type LatencyHistogram } from '../../harness/measure/histogram.ts';
import type { Distribution } from './told.ts';
import type { Sample } from './samples.ts';

/** Denser towards the end, where networks differ. */
const percents = [
  ...Array.from({ length: 20 }, (_, index) => index * 5),
  ...[96, 97, 98, 99, 99.5, 99.9, 99.99, 100],
] as const;

/** Returns what share of all samples of a subject, of all rounds together, was how fast; one of each metric of latencies. */
export function distributionsOf(samples: readonly Sample[]): Distribution[] {
  const latencies = samples.filter(({ logged }) => logged.type === 'case.histogram');
  const key = ({ area, metric, labels }: Sample) => JSON.stringify([area, metric.name, labels]);
  return [...Map.groupBy(latencies, key).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { area, metric, labels } = first;
    const subjects = [...Map.groupBy(group, ({ subject }) => subject)].map(([subject, own]) => {
      const whole = mergedLatencies(own);
      return { subject, count: whole.count, points: pointsOf(whole) };
    });
    return [{ area, metric: metric.name, title: metric.title, load: metric.load, labels, subjects }];
  });
}

function pointsOf(whole: LatencyHistogram): { us: number; share: number }[] {
  const told = percents.filter((percent) => percent === 100 || (1 - percent / 100) * whole.count >= 1);
  return told.map((percent) => ({ us: whole.atPercentile(percent), share: percent / 100 }));
}

/** Returns all histograms of the samples as one: parts are merged, never averaged. @throws TypeError where there is none. */
export function mergedLatencies(samples: readonly Sample[]): LatencyHistogram {
  const [first, ...more] = samples.flatMap(({ logged }) =>
    'encoded' in logged ? [decodeHistogram(logged.encoded)] : [],
  );
  if (first === undefined) throw new TypeError('latencies without a histogram');
  more.forEach((part) => first.merge(part));
  return first;
}
