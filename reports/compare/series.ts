import type { MetricDeclaration } from '../../harness/events/metric-declaration.ts';
import { median, printablePercentiles } from '../../harness/measure/statistics.ts';
import { mergedLatencies } from './distributions.ts';
import type { RoundValue, Series } from './model.ts';
import type { Sample } from './samples.ts';

/** Returns one series per metric, area and telling labels, each round one value; and in words what was left out. */
export function seriesOf(samples: readonly Sample[]): { series: Series[]; leftOut: string[] } {
  const made = [...Map.groupBy(samples, keyOf).values()].map(seriesOfGroup);
  const alien = [...new Set(made.flatMap((one) => one.alien))].sort();
  const said = `left out of metrics, because not every round measured them there: ${alien.join(', ')}`;
  return { series: made.flatMap(({ series }) => series), leftOut: alien.length === 0 ? [] : [said] };
}

const keyOf = ({ area, metric, labels, logged }: Sample): string =>
  [area, metric.name, logged.type, ...Object.entries(labels).flat()].join('\n');

/** Only cases that all rounds have in common count: a round that ran other cases measured something else. */
function seriesOfGroup(group: readonly Sample[]): { series: Series[]; alien: string[] } {
  const cases = [...byRound(group).values()].map((round) => new Set(round.map(({ caseName }) => caseName)));
  const common = (sample: Sample) => cases.every((one) => one.has(sample.caseName));
  const kept = group.filter(common);
  const alien = group.filter((sample) => !common(sample)).map(({ caseName }) => caseName);
  if (kept.length === 0) return { series: [], alien };
  return { series: kept[0]?.logged.type === 'case.histogram' ? latencySeries(kept) : [measureSeries(kept)], alien };
}

/** A round's value is the median of what it measured, in all places and cases. */
function measureSeries(group: readonly Sample[]): Series {
  const values = [...byRound(group).values()].map((round) => {
    const all = round.flatMap(({ logged }) => ('value' in logged ? [logged.value] : []));
    return { ...roundOf(round), value: median(all), count: all.length };
  });
  return named(group, values);
}

/** Parts of a round are merged, never averaged; a percentile is told where every round has the samples for it. */
function latencySeries(group: readonly Sample[]): Series[] {
  const rounds = [...byRound(group).values()].map((round) => ({
    ...roundOf(round),
    histogram: mergedLatencies(round),
  }));
  const fewest = Math.min(...rounds.map(({ histogram }) => histogram.count));
  return printablePercentiles(fewest).map(({ name, q }) => {
    const values = rounds.map(({ histogram, ...round }) => {
      return { ...round, value: histogram.atPercentile(q * 100), count: histogram.count };
    });
    return named(group, values, name);
  });
}

type Round = Pick<RoundValue, 'subject' | 'round'>;

function byRound(group: readonly Sample[]): Map<string, Sample[]> {
  return Map.groupBy(group, ({ subject, round }) => `${subject}\n${round}`);
}

function roundOf([first]: readonly Sample[]): Round {
  return { subject: first?.subject ?? '', round: first?.round ?? '' };
}

function named(group: readonly Sample[], values: RoundValue[], quantile?: Series['quantile']): Series {
  const [first] = group;
  if (first === undefined) throw new TypeError('a series without values');
  const { area, metric, labels } = first;
  const cases = [...new Set(group.map(({ caseName }) => caseName))].sort();
  const about = { id: idOf(area, metric, labels, quantile), ...described(metric), area, labels, cases };
  return { ...about, ...(quantile === undefined ? {} : { quantile }), values };
}

function described({ name: metric, title, unit, better, load, once }: MetricDeclaration) {
  return { metric, title, unit, better, load, ...(once === undefined ? {} : { once }) };
}

function idOf(
  area: string,
  { name }: MetricDeclaration,
  labels: Sample['labels'],
  quantile: string | undefined,
): string {
  const said = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  const told = said.length === 0 ? '' : `{${said.join(', ')}}`;
  return `${area}/${name}${told}${quantile === undefined ? '' : ` ${quantile}`}`;
}
