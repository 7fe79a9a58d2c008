import { html, type Markup } from '../html/markup.ts';

/** In px; the page scrolls a chart where it is narrower. */
const size = { width: 960, height: 340, left: 108, right: 20, top: 16, bottom: 44 } as const;
const right = size.width - size.right;
const bottom = size.height - size.bottom;

/** One axis: what lies between its ends, how, and how its figures read. */
export interface Axis {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly scale: 'linear' | 'log';
  readonly say: (value: number) => string;
}

export interface Frame {
  readonly x: Axis;
  readonly y: Axis;
}

/** Colours of subjects, told apart on light and on dark ground. */
const palette = ['#3b82d6', '#e08214', '#2fa36b', '#b45fd0', '#d64550', '#7a8794'];

/** Returns the colour of a subject by its place among all. */
export function colourOf(subjects: readonly string[], subject: string): string {
  return palette[Math.max(0, subjects.indexOf(subject)) % palette.length] ?? '#888';
}

/** Returns the names of subjects, each beside its colour. */
export function legend(subjects: readonly string[]): Markup {
  const entries = subjects.map((one) => html`<span><i style="--c:${colourOf(subjects, one)}"></i>${one}</span>`);
  return html`<p class="legend">${entries}</p>`;
}

/** Returns where a value lies on an axis, 0 to 1; what is beyond its ends lies at them. */
function along({ from, to, scale }: Axis, value: number): number {
  const bent = (one: number) => (scale === 'log' ? Math.log(Math.max(one, Number.MIN_VALUE)) : one);
  if (to === from) return 0.5;
  return Math.min(1, Math.max(0, (bent(value) - bent(from)) / (bent(to) - bent(from))));
}

export const xOf = ({ x }: Frame, value: number): number => size.left + along(x, value) * (right - size.left);
export const yOf = ({ y }: Frame, value: number): number => bottom - along(y, value) * (bottom - size.top);

/** Returns a chart with both axes around its content. */
export function plot(frame: Frame, title: string, content: readonly Markup[]): Markup {
  const { width, height, left, top } = size;
  const columns = ticksOf(frame.x).map((value) => {
    const x = xOf(frame, value).toFixed(1);
    return html`<line x1="${x}" x2="${x}" y1="${top}" y2="${bottom}" style="stroke:var(--line)" /><text
        class="soft"
        x="${x}"
        y="${bottom + 17}"
        text-anchor="middle"
        >${frame.x.say(value)}</text
      >`;
  });
  const rows = ticksOf(frame.y).map((value) => {
    const y = yOf(frame, value);
    return html`<line
        x1="${left}"
        x2="${right}"
        y1="${y.toFixed(1)}"
        y2="${y.toFixed(1)}"
        style="stroke:var(--line)"
      /><text class="soft" x="${left - 8}" y="${(y + 4).toFixed(1)}" text-anchor="end">${frame.y.say(value)}</text>`;
  });
  return html`<div class="scroll">
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
      ${columns}${rows}${content}
      <text class="soft" x="${right}" y="${height - 8}" text-anchor="end">${frame.x.title}</text>
      <text class="soft" x="${left + 6}" y="${top + 12}">${frame.y.title}</text>
    </svg>
  </div>`;
}

/** Returns a line through points, in the colour of its subject. */
export function line(
  frame: Frame,
  points: readonly (readonly [x: number, y: number])[],
  { colour, said, dashed = false }: { readonly colour: string; readonly said: string; readonly dashed?: boolean },
): Markup {
  const path = points.map(([x, y]) => `${xOf(frame, x).toFixed(1)},${yOf(frame, y).toFixed(1)}`).join(' ');
  const dash = dashed ? ';stroke-dasharray:6 5' : '';
  return html`<polyline points="${path}" style="fill:none;stroke:${colour};stroke-width:2.5${dash}"
    ><title>${said}</title></polyline
  >`;
}

/** Returns a dot, with what it stands for as its tooltip. */
export function dot(
  frame: Frame,
  [x, y]: readonly [number, number],
  { colour, said }: { colour: string; said: string },
) {
  return html`<circle
    cx="${xOf(frame, x).toFixed(1)}"
    cy="${yOf(frame, y).toFixed(1)}"
    r="5"
    style="fill:${colour}"
    fill-opacity=".75"
    ><title>${said}</title></circle
  >`;
}

/** Returns round figures within an axis, about five. */
export function ticksOf({ from, to, scale }: Axis): number[] {
  if (scale === 'log') return logTicks(from, to);
  if (to <= from) return [from];
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) => (first + index) * step);
}

function logTicks(from: number, to: number): number[] {
  const low = Math.floor(Math.log10(Math.max(from, Number.MIN_VALUE)));
  const decades = Array.from({ length: Math.ceil(Math.log10(to)) - low + 1 }, (_, index) => 10 ** (low + index));
  const finer = decades.length > 4 ? [1] : [1, 2, 5];
  return decades.flatMap((decade) => finer.map((one) => one * decade)).filter((one) => one >= from && one <= to);
}
