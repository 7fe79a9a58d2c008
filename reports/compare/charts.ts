import { figure } from './figure.ts';
import { html, type Markup } from '../html/markup.ts';
import { chart, rowChart, rowLabel } from '../html/row-chart.ts';
import { quantile } from '../../harness/measure/statistics.ts';
import { valuesOf } from './judge.ts';
import type { ComparedMetric, Difference } from './model.ts';
import { differenceText, medianOf, metricName, verdictText } from './words.ts';

const left = 400;
const right = 190;
const { width, row } = chart;
const plot = width - left - right;

const label = (name: string, index: number) => rowLabel(name, index, { left, most: 54 });

/** Beyond a fourth and four times the reference everything is far away. */
const farthest = Math.log(4);
const ticks = [0.25, 0.5, 0.8, 1, 1.25, 2, 4];

/** Returns where a ratio to the reference lies, on a logarithmic scale: half is as far from 1 as double. */
function xOf(ratio: number): number {
  const log = ratio <= 0 ? -farthest : Math.max(-farthest, Math.min(farthest, Math.log(ratio)));
  return left + ((log + farthest) / (2 * farthest)) * plot;
}

const colours = {
  better: 'var(--passed)',
  worse: 'var(--failed)',
  'no difference shown': 'var(--unsupported)',
} as const;

/** Returns a forest plot: a line per difference with its interval, the noise floor as a band around no difference. */
export function differencePlot(metrics: readonly ComparedMetric[]): Markup {
  const lines = metrics.flatMap((metric) =>
    metric.differences.flatMap((one) => (one.relative === null ? [] : [{ metric, one }])),
  );
  const axis = ticks.map((ratio) => {
    const x = xOf(ratio);
    const said = `${ratio > 1 ? '+' : ''}${Math.round((ratio - 1) * 100)} %`;
    return html`<line
        x1="${x}"
        x2="${x}"
        y1="${row}"
        y2="${(lines.length + 1) * row}"
        style="stroke:var(--line)"
      /><text class="soft" x="${x}" y="17" text-anchor="middle">${said}</text>`;
  });
  return rowChart(
    lines.length + 1,
    [...axis, ...lines.map((line, index) => differenceLine(line, index + 1))],
    'differences',
  );
}

function differenceLine({ metric, one }: { metric: ComparedMetric; one: Difference }, index: number): Markup {
  const { difference = 0, interval } = one.relative ?? {};
  const { low, high } = interval ?? { low: difference, high: difference };
  const y = index * row + row / 2;
  const noise = (one.noise ?? 0) / Math.abs(medianOf(metric, one.reference));
  const colour = colours[one.verdict];
  const said = `${one.subject} against ${one.reference}: ${differenceText(one, metric.unit)}, ${verdictText(one)}`;
  return html`${label(`${metricName(metric)}: ${one.subject} / ${one.reference}`, index)}<g
      ><title>${said}</title
      ><rect
        x="${xOf(1 - noise)}"
        y="${y - 9}"
        width="${xOf(1 + noise) - xOf(1 - noise)}"
        height="18"
        style="fill:var(--panel);stroke:var(--line)" /><line
        x1="${xOf(1 + low)}"
        x2="${xOf(1 + high)}"
        y1="${y}"
        y2="${y}"
        style="stroke:${colour};stroke-width:3" /><circle
        cx="${xOf(1 + difference)}"
        cy="${y}"
        r="5"
        style="fill:${colour}" /></g
    ><text class="soft" x="${left + plot + 12}" y="${y + 4}">${differenceText(one, metric.unit)}</text>`;
}

/** Returns per subject every round as a dot over a box from the first to the third quartile, on one scale. */
export function roundsPlot(metric: ComparedMetric): Markup {
  const values = metric.values.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const x = (value: number): number => left + (most === least ? 0.5 : (value - least) / (most - least)) * plot;
  const strips = metric.summaries.map(({ subject, median }, index) => {
    const own = valuesOf(metric, subject);
    const y = index * row + row / 2;
    const [first, third] = [x(quantile(own, 0.25)), x(quantile(own, 0.75))];
    const dots = own.map((value) => {
      return html`<circle cx="${x(value).toFixed(1)}" cy="${y}" r="3.5" style="fill:var(--bar)" fill-opacity=".6" />`;
    });
    const said = `${subject}: ${own.map((value) => figure(value, metric.unit)).join(', ')}`;
    return html`${label(subject, index)}<g
        ><title>${said}</title
        ><rect
          x="${first}"
          y="${y - 8}"
          width="${Math.max(2, third - first)}"
          height="16"
          style="fill:var(--barsoft)"
        /><line
          x1="${x(median)}"
          x2="${x(median)}"
          y1="${y - 10}"
          y2="${y + 10}"
          style="stroke:var(--text);stroke-width:2"
        />${dots}</g
      ><text class="soft" x="${left + plot + 12}" y="${y + 4}">${figure(median, metric.unit)}</text>`;
  });
  return rowChart(metric.summaries.length, strips, `rounds of ${metricName(metric)}`);
}
