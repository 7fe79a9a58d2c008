import { oneLine } from '../format.ts';
import { html, type Markup } from './markup.ts';

/** In px: the whole width of a chart of rows, and the height of one of its rows. */
export const chart = { width: 960, row: 26 } as const;

/** Returns where the text of a row stands, in px from the top. */
export function baseline(index: number): number {
  return index * chart.row + 17;
}

/** Returns the name of a row, ending before `left` px; of one longer than `most` characters the whole is its tooltip. */
export function rowLabel(
  name: string,
  index: number,
  { left, most }: { readonly left: number; readonly most: number },
) {
  return html`<text x="${left - 10}" y="${baseline(index)}" text-anchor="end"
    ><title>${name}</title>${oneLine(name, most)}</text
  >`;
}

/** Returns a chart of so many rows, which scrolls where the page is narrower. */
export function rowChart(rows: number, content: readonly Markup[], title: string): Markup {
  return html`<div class="scroll">
    <svg viewBox="0 0 ${chart.width} ${rows * chart.row + 4}" role="img" aria-label="${title}">${content}</svg>
  </div>`;
}
