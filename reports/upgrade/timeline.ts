import { html, type Markup } from '../html/markup.ts';
import type { Lane, Path, Span, UpgradeReport, Window } from './model.ts';
import { className, clockOf, isHarmed, pathName, windowText, worstFirst } from './words.ts';

const width = 1_100;
const left = 350;
const right = 36;
const row = 20;
const axis = 24;
const plot = width - left - right;
/** A window of 100 ms in an hour of upgrade must still be seen. */
const leastWidth = 2;

interface Scale {
  readonly fromMs: number;
  readonly toMs: number;
  readonly x: (atMs: number) => number;
}

const colours = {
  down: 'var(--failed)',
  leak: 'var(--inconclusive)',
  lost: 'var(--skipped)',
  starved: 'var(--known-failure)',
};
/** What says most is drawn last, on top. */
const order = ['lost', 'starved', 'down', 'leak'] as const;

/** Returns the picture of an upgrade: steps and nodes as spans, every path as a row, its windows shaded. */
export function timeline(report: UpgradeReport): Markup {
  const scale = scaleOf(report);
  if (scale === undefined) return html``;
  const spans = report.spans.map((span) => spanRow(span, scale));
  const marked = worstFirst(report.paths.filter(hasWindows));
  const quiet = report.paths.length - marked.length;
  const rows = [
    ...spans,
    ...marked.map((path) => pathRow(path, scale)),
    ...(quiet === 0 ? [] : [quietRow(quiet, scale)]),
  ];
  const height = axis + rows.length * row;
  return html`<div class="scroll">
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="paths through the time of the upgrade">
      ${ticks(scale, height)}
      ${rows.map((content, index) => html`<g transform="translate(0 ${axis + index * row})">${content}</g>`)}
    </svg>
  </div>`;
}

const hasWindows = ({ lanes }: Path) => lanes.some(({ windows }) => windows.length > 0);

function scaleOf({ spans, paths }: UpgradeReport): Scale | undefined {
  const sampled = spans.filter(({ title, kind }) => kind !== 'phase' || !title.startsWith('conformance'));
  const windows = paths.flatMap(({ lanes }) => lanes.flatMap((lane) => lane.windows));
  const times = [...sampled, ...windows].flatMap(({ from, ms }) => [Date.parse(from), Date.parse(from) + ms]);
  if (times.length === 0) return undefined;
  const fromMs = times.reduce((least, one) => Math.min(least, one), Infinity);
  const toMs = Math.max(
    fromMs + 1,
    times.reduce((most, one) => Math.max(most, one), 0),
  );
  const x = (atMs: number) => left + (Math.min(Math.max(atMs, fromMs), toMs) - fromMs) * (plot / (toMs - fromMs));
  return { fromMs, toMs, x };
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600].map((seconds) => seconds * 1_000);
const mostTicks = 10;

function ticks({ fromMs, toMs, x }: Scale, height: number): Markup[] {
  const step = steps.find((one) => (toMs - fromMs) / one <= mostTicks) ?? 3_600_000;
  const first = Math.ceil(fromMs / step) * step;
  const count = Math.max(0, Math.floor((toMs - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => first + index * step).map((at) => {
    const time = new Date(at).toISOString().slice(11, 19);
    return html`<line x1="${x(at)}" x2="${x(at)}" y1="${axis - 6}" y2="${height}" style="stroke:var(--line)" /><text
        class="soft"
        x="${x(at)}"
        y="${axis - 10}"
        text-anchor="middle"
        style="font-size:11px"
        >${time}</text
      >`;
  });
}

const fills = {
  phase: 'var(--barsoft)',
  step: 'var(--bar)',
  node: 'var(--unexpected-pass)',
  pods: 'var(--unsupported)',
};

function spanRow({ kind, title, from, ms }: Span, { x }: Scale): Markup {
  const at = Date.parse(from);
  return html`${label(title)}<rect
      x="${x(at)}"
      y="4"
      width="${Math.max(leastWidth, x(at + ms) - x(at))}"
      height="${row - 8}"
      rx="2"
      style="fill:${fills[kind]}"
      ><title>${kind} ${title}: ${clockOf(from)}, ${Math.round(ms)} ms</title></rect
    >`;
}

function pathRow(path: Path, { x }: Scale): Markup {
  const windows = path.lanes.flatMap((lane) => lane.windows.map((window) => ({ lane, window })));
  const drawn = windows.toSorted((a, b) => order.indexOf(a.window.kind) - order.indexOf(b.window.kind));
  const state = path.outcome === 'failed' ? 'failed' : isHarmed(path) ? 'known-failure' : 'passed';
  return html`${label(`${pathName(path)} (${className(path)})`)}
    <rect
      class="${state}"
      x="${left}"
      y="8"
      width="${plot}"
      height="4"
      rx="2"
      style="fill:var(--passed);opacity:.35"
    />${drawn.map((one) => windowMark(one, x))}`;
}

function windowMark({ lane, window }: { lane: Lane; window: Window }, x: Scale['x']): Markup {
  const at = Date.parse(window.from);
  // What is tried twice a minute tells that something was lost, not how long it lasted.
  const isIdle = lane.connections === 'idle';
  const wide = isIdle ? leastWidth : Math.max(leastWidth, x(at + window.ms) - x(at));
  return html`<rect
    x="${x(at)}"
    y="3"
    width="${wide}"
    height="${row - 6}"
    style="fill:${colours[window.kind]};opacity:.7"
    ><title>${lane.transport}, ${lane.connections}: ${windowText(window)}</title></rect
  >`;
}

function quietRow(count: number, { fromMs, toMs, x }: Scale): Markup {
  return html`${label(`${count} more paths without a window`)}<rect
      x="${x(fromMs)}"
      y="8"
      width="${x(toMs) - x(fromMs)}"
      height="4"
      rx="2"
      style="fill:var(--passed);opacity:.35"
    />`;
}

const mostLetters = 50;

function label(text: string): Markup {
  const short = text.length <= mostLetters ? text : `${text.slice(0, mostLetters - 1)}…`;
  return html`<text x="0" y="14" style="font-size:12px">${short}<title>${text}</title></text>`;
}

/** Returns what the colours mean. */
export function timelineLegend(): Markup {
  const entries = [
    [colours.down, 'down: attempts failed'],
    [colours.leak, 'leak: forbidden traffic got through'],
    [colours.lost, 'not seen: no agent, or nobody there to answer'],
    [colours.starved, 'starved: the machine gave an agent no time'],
  ] as const;
  return html`<p class="legend soft">
    ${entries.map(([colour, text]) => html`<span><i style="background:${colour}"></i>${text}</span> `)}
  </p>`;
}
