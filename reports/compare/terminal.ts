import { plural, textTable } from '../format.ts';
import { figure } from './figure.ts';
import type { ComparedMetric, Comparison, Difference } from './model.ts';
import type { Curve } from './told.ts';
import {
  caveats,
  curveRows,
  differenceText,
  gateLines,
  medianOf,
  metricName,
  noiseText,
  pText,
  verdictText,
} from './words.ts';

/** Returns the comparison as text: subjects, a row per metric and pair, what to bear in mind. Ends with a line break. */
export function comparisonText(comparison: Comparison): string {
  const { metrics } = comparison;
  const pairs = [...new Set(metrics.flatMap(({ differences }) => differences.map(pairName)))];
  const areas = [...Map.groupBy(metrics, ({ area }) => area)].map(([area, own]) => areaText(area, own, pairs));
  const body = metrics.length === 0 ? ['No metric was measured.'] : areas;
  const said = caveats(comparison).map((caveat) => `- ${caveat}`);
  const gate = gateLines(comparison).join('\n  ');
  const costs = comparison.curves.map(curveText);
  return `${[subjects(comparison), ...body, ...costs, said.join('\n'), ...(gate === '' ? [] : [gate])].join('\n\n')}\n`;
}

function curveText(curve: Curve): string {
  const { title, dimension } = curve;
  return textTable([[`${title}, by ${dimension}`, `100 more ${dimension}`, ''], ...curveRows(curve)]);
}

function subjects({ subjects: all }: Comparison): string {
  const rows = all.map(({ name, network, nodes, runs }) => {
    return [name, network, plural(nodes, 'node'), plural(runs.length, 'log')];
  });
  return textTable([['subject', 'network', '', ''], ...rows]);
}

const pairName = ({ subject, reference }: Difference): string => `${subject} against ${reference}`;
const head = ['metric', 'better', 'pair', 'median', 'difference [95 %]', 'noise', 'p', 'verdict'];

/** One pair alone is named above its table, not in every row. */
function areaText(area: string, metrics: readonly ComparedMetric[], pairs: readonly string[]): string {
  const [only, ...more] = pairs;
  const alone = only !== undefined && more.length === 0;
  const shown = (row: readonly string[]) => row.filter((_, index) => index !== 2 || !alone);
  const table = textTable([head, ...metrics.flatMap(rows)].map(shown));
  return `${area}${alone ? `: ${only}` : ''}\n${table}`;
}

/** A metric of one subject alone has no difference: its median is told all the same. */
function rows(metric: ComparedMetric): string[][] {
  const name = metricName(metric);
  if (metric.differences.length === 0) {
    return metric.summaries.map(({ subject, median }) => [name, metric.better, subject, figure(median, metric.unit)]);
  }
  return metric.differences.map((one, index) => {
    const [from, to] = [medianOf(metric, one.reference), medianOf(metric, one.subject)];
    const figures = `${figure(from, metric.unit)} → ${figure(to, metric.unit)}`;
    const said = [figures, differenceText(one, metric.unit), noiseText(one, metric.unit, from), pText(one.pHolm)];
    return [...(index === 0 ? [name, metric.better] : ['', '']), pairName(one), ...said, verdictText(one)];
  });
}
