import type { CaseStatus } from '../../harness/events/record.ts';
import { duration } from '../format.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import { baseline, chart, rowChart, rowLabel } from './row-chart.ts';
import { statuses } from '../tally.ts';
import type { Spread } from '../spreads.ts';
import type { Counts } from '../tally.ts';

const left = 320;
const right = 160;
const { width, row } = chart;
const plot = width - left - right;

const label = (name: string, index: number) => rowLabel(name, index, { left, most: 42 });

/** Returns one stacked bar per row, as long as its share of the most numerous row. */
export function stackedBars(rows: readonly { readonly name: string; readonly counts: Counts }[]): Markup {
  const most = Math.max(1, ...rows.map(({ counts }) => total(counts)));
  const bars = rows.map(({ name, counts }, index) => {
    const pieces = piecesOf(counts).map(({ status, from, count }) => {
      const place = { x: left + (from / most) * plot, w: Math.max(1, (count / most) * plot - 1) };
      return html`<rect
        class="${status}"
        x="${place.x}"
        y="${index * row + 4}"
        width="${place.w}"
        height="${row - 9}"
        rx="2"
        style="fill:var(--c)"
        ><title>${name}: ${count} ${status}</title></rect
      >`;
    });
    const said = `${counts.passed + counts['unexpected-pass']} of ${total(counts)} passed`;
    return html`${label(name, index)}${pieces}<text
        class="soft"
        x="${left + (total(counts) / most) * plot + 8}"
        y="${baseline(index)}"
        >${said}</text
      >`;
  });
  return rowChart(rows.length, bars, 'cases by area and outcome');
}

/** Returns one bar per duration, all from zero on one scale. */
export function durationBars(
  rows: readonly { readonly name: string; readonly ms: number; readonly failed: boolean }[],
): Markup {
  const most = Math.max(1, ...rows.map(({ ms }) => ms));
  const bars = rows.map(({ name, ms, failed }, index) => {
    const w = Math.max(1, (ms / most) * plot);
    const fill = failed ? 'var(--failed)' : 'var(--bar)';
    return html`${label(name, index)}<rect
        x="${left}"
        y="${index * row + 4}"
        width="${w}"
        height="${row - 9}"
        rx="2"
        style="fill:${fill}"
      /><text class="soft" x="${left + w + 8}" y="${baseline(index)}"
        >${duration(ms)}${failed ? ' (failed)' : ''}</text
      >`;
  });
  return rowChart(rows.length, bars, 'steps of the run and their times');
}

/** Returns per row every value as a dot, p50 to p90 as a band where known, on one linear scale from zero. All in ms. */
export function dotStrips(spreads: readonly Spread[]): Markup {
  const most = Math.max(1, ...spreads.map(({ max }) => max));
  const x = (ms: number): number => left + (ms / most) * plot;
  const strips = spreads.map(({ name, values, percentiles, max, count }, index) => {
    const y = index * row + row / 2;
    const dots = values.map(
      (ms) => html`<circle cx="${x(ms).toFixed(1)}" cy="${y}" r="3" style="fill:var(--bar)" fill-opacity=".55" />`,
    );
    const { p50 = 0, p90 = p50 } = percentiles;
    const told = Object.entries(percentiles).map(([percentile, ms]) => `${percentile} ${duration(ms)}`);
    const hint = `${count} values: ${[...told, `max ${duration(max)}`].join(', ')}`;
    return html`${label(name, index)}<g
        ><title>${hint}</title
        ><rect
          x="${x(p50)}"
          y="${y - 8}"
          width="${Math.max(2, x(p90) - x(p50))}"
          height="16"
          rx="2"
          style="fill:var(--barsoft)"
        />${dots}</g
      ><text class="soft" x="${x(max) + 8}" y="${baseline(index)}">${duration(max)}</text>`;
  });
  return rowChart(spreads.length, strips, 'times to settle');
}

/** Returns the colours and their meanings, for statuses that occur. */
export function legend(counts: Counts): Markup {
  const seen = statuses.filter((status) => counts[status] > 0);
  return html`<p class="legend">
    ${seen.map((status) => html`<span class="${status}"><i></i>${status.replace('-', ' ')} ${counts[status]}</span>`)}
  </p>`;
}

function piecesOf(counts: Counts): { status: CaseStatus; from: number; count: number }[] {
  let from = 0;
  return statuses.flatMap((status) => {
    const count = counts[status];
    const piece = { status, from, count };
    from += count;
    return count === 0 ? [] : [piece];
  });
}

function total(counts: Counts): number {
  return statuses.reduce((sum, status) => sum + counts[status], 0);
}
