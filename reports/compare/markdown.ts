import { figure } from './figure.ts';
import type { ComparedMetric, Comparison, Difference } from './model.ts';
import { caveats, curveRows, differenceText, gateLines, medianOf, metricName, pText } from './words.ts';

/** Returns a summary for a pull request: what differs, in a table; the rest in a fold. Ends with a line break. */
export function comparisonMarkdown(comparison: Comparison): string {
  const rows = comparison.metrics.flatMap((metric) => metric.differences.map((one) => ({ metric, one })));
  const shown = rows.filter(({ one }) => one.verdict !== 'no difference shown');
  const names = comparison.subjects.map(({ name, network }) => `**${cell(name)}** (${cell(network)})`);
  const rest = rows.filter(({ one }) => one.verdict === 'no difference shown');
  const parts = [
    `### ${names.join(' against ')}`,
    ...gateLines(comparison).map((line, index) => (index === 0 ? `**${cell(line)}**` : `- ${cell(line)}`)),
    shown.length === 0 ? 'No difference shown.' : table(shown),
    ...(rest.length === 0 ? [] : [fold(`${rest.length} without a difference shown`, table(rest))]),
    ...(comparison.curves.length === 0 ? [] : [fold('What more of it costs', curveTable(comparison))]),
    fold(
      'How to read it',
      caveats(comparison)
        .map((caveat) => `- ${cell(caveat)}`)
        .join('\n'),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

interface Row {
  readonly metric: ComparedMetric;
  readonly one: Difference;
}

const marks = { better: '🟢 better', worse: '🔴 worse', 'no difference shown': 'no difference shown' } as const;

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ metric, one }) => {
    const [from, to] = [medianOf(metric, one.reference), medianOf(metric, one.subject)];
    const figures = `${figure(from, metric.unit)} → ${figure(to, metric.unit)}`;
    const said = [metricName(metric), one.subject, one.reference, figures];
    return [...said, differenceText(one, metric.unit), pText(one.pHolm), marks[one.verdict]].map(cell);
  });
  const head = ['metric', 'subject', 'against', 'median', 'difference [95 %]', 'p', 'verdict'];
  return [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function curveTable({ curves }: Comparison): string {
  const rows = curves.flatMap((curve) =>
    curveRows(curve).map(([subject = '', slope = '', far = '']) => [curve.title, curve.dimension, subject, slope, far]),
  );
  const head = ['metric', 'of', 'subject', '100 more cost', 'and on'];
  return [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n');
}

const fold = (title: string, body: string): string => `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;

/** Names come from people's command lines: they may not break a table or become markup. */
function cell(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
