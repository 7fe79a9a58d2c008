import { family as familyLines } from '../open-metrics.ts';
import type { ComparedMetric, Comparison } from './model.ts';

type Labels = Readonly<Record<string, string>>;

/** Returns the comparison as OpenMetrics text (1.0): medians per subject, and differences as shares with intervals. */
export function comparisonOpenMetrics({ metrics }: Comparison): string {
  const medians = family('ordeal_compare_median', 'Median of the rounds, in the unit of the label.', (metric) =>
    metric.summaries.map(({ subject, median }) => ({ labels: { subject }, value: median })),
  );
  const rounds = family('ordeal_compare_rounds', 'Rounds that a subject was measured in.', (metric) =>
    metric.summaries.map(({ subject, rounds: count }) => ({ labels: { subject }, value: count })),
  );
  const differences = family('ordeal_compare_difference_ratio', 'Of medians, as a share of the reference.', shares);
  return `${[medians, rounds, differences].flatMap((one) => one(metrics)).join('\n')}\n# EOF\n`;
}

function shares({ differences }: ComparedMetric) {
  return differences.flatMap(({ subject, reference, relative, verdict }) => {
    if (relative === null) return [];
    const labels = { subject, reference, verdict };
    const bounds = { estimate: relative.difference, ...relative.interval };
    return Object.entries(bounds).map(([bound, value]) => ({ labels: { ...labels, bound }, value }));
  });
}

function family(
  name: string,
  help: string,
  of: (metric: ComparedMetric) => readonly { readonly labels: Labels; readonly value: number }[],
) {
  return (metrics: readonly ComparedMetric[]): string[] => {
    const samples = metrics.flatMap((metric) => {
      const { area, metric: measured, unit, quantile, labels } = metric;
      const own = { area, metric: measured, unit, ...(quantile === undefined ? {} : { quantile }) };
      return of(metric).map((one) => ({ labels: { ...prefixed(labels), ...own, ...one.labels }, value: one.value }));
    });
    return familyLines(name, 'gauge', help, samples);
  };
}

/** Labels of metrics are not to hide those of the comparison. */
const prefixed = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [`label_${name.replaceAll(/\W/g, '_')}`, value]));
