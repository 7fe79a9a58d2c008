import { quantile } from '../../harness/measure/statistics.ts';
import { html, type Markup, nothing, table } from '../html/markup.ts';
import { figure } from './figure.ts';
import { curveRows, metricName, percentText } from './words.ts';
import type { Comparison, Series } from './model.ts';
import type { Curve, Distribution, Ratio } from './told.ts';
import { colourOf, dot, type Frame, legend, line, plot } from './plot.ts';

/** Returns the distribution of one metric's latencies, a curve a subject: at most so many µs took what share of them. */
export function distributionPlot({ title, load, labels, subjects }: Distribution): Markup {
  const names = subjects.map(({ subject }) => subject);
  const all = subjects.flatMap(({ points }) => points.map(({ us }) => us));
  const [from, to] = [Math.max(1, Math.min(...all)), Math.max(2, ...all)];
  const say = (us: number) => figure(us, 'us');
  const frame: Frame = {
    x: { title: 'latency', from, to, scale: 'log', say },
    y: { title: 'share of answers', from: 0, to: 1, scale: 'linear', say: (share) => `${Math.round(share * 100)} %` },
  };
  const lines = subjects.map(({ subject, points, count }) => {
    const said = `${subject}: ${count} answers of all rounds`;
    return line(
      frame,
      points.map(({ us, share }) => [us, share] as const),
      { colour: colourOf(names, subject), said },
    );
  });
  const name = metricName({ title, labels });
  return html`<h4>${name}</h4>
    <p class="soft">${load}</p>
    ${legend(names)}${plot(frame, name, lines)}`;
}

/** Returns what CPU a network took against what it moved: a dot a round, down and to the right is better. */
export function cpuPlot({ metrics, subjects }: Comparison): Markup {
  const names = subjects.map(({ name }) => name);
  const charts = metrics
    .filter(({ metric }) => metric === 'bench.tcp_throughput')
    .flatMap((moved) => {
      const cpu = metrics.find((one) => one.metric === 'bench.cpu_per_gigabit' && isAlike(one, moved));
      return cpu === undefined ? [] : [cpuAgainst(moved, cpu, names)];
    });
  return charts.length === 0 ? nothing : html`${legend(names)}${charts}`;
}

const isAlike = (a: Series, b: Series) => JSON.stringify(a.labels) === JSON.stringify(b.labels);

function cpuAgainst(moved: Series, cpu: Series, names: readonly string[]): Markup {
  const pairs = moved.values.flatMap((one) => {
    const other = cpu.values.find(({ subject, round }) => subject === one.subject && round === one.round);
    return other === undefined ? [] : [{ subject: one.subject, bits: one.value, seconds: other.value }];
  });
  const most = (values: readonly number[]) => Math.max(...values, 0) * 1.1;
  const frame: Frame = {
    x: axisFrom0('throughput', most(pairs.map(({ bits }) => bits)), moved.unit),
    y: axisFrom0('CPU seconds of both nodes a gigabit', most(pairs.map(({ seconds }) => seconds)), cpu.unit),
  };
  const dots = pairs.map(({ subject, bits, seconds }) => {
    const said = `${subject}: ${figure(bits, moved.unit)}, ${figure(seconds, cpu.unit)}`;
    return dot(frame, [bits, seconds], { colour: colourOf(names, subject), said });
  });
  const name = metricName({ title: 'CPU against TCP throughput', labels: moved.labels });
  return html`<h4>${name}</h4>
    ${plot(frame, name, dots)}`;
}

const axisFrom0 = (title: string, to: number, unit: string) =>
  ({ title, from: 0, to, scale: 'linear', say: (value: number) => figure(value, unit) }) as const;

/** Returns a curve of costs: a dot a round, the line through the medians, and where it leads beyond what was measured. */
export function curvePlot(curve: Curve): Markup {
  const names = curve.subjects.map(({ subject }) => subject);
  const { unit, dimension } = curve;
  const all = curve.subjects.flatMap(({ points, projection }) => [
    ...points.flatMap(({ values }) => values),
    projection.value,
  ]);
  const levels = curve.subjects.flatMap(({ points, projection }) => [
    ...points.map(({ level }) => level),
    projection.level,
  ]);
  const frame: Frame = {
    x: { title: dimension, from: Math.min(...levels), to: Math.max(...levels), scale: 'log', say: String },
    y: axisFrom0(curve.title, quantile(all, 1) * 1.1, unit),
  };
  const drawn = curve.subjects.map(({ subject, points, projection }) => {
    const colour = colourOf(names, subject);
    const last = points.at(-1);
    const measured = points.map(({ level, median }) => [level, median] as const);
    const onwards =
      last === undefined ? [] : [[last.level, last.median] as const, [projection.level, projection.value] as const];
    const said = `${subject}: extrapolated to ${figure(projection.value, unit)} at ${projection.level}`;
    const dots = points.flatMap(({ level, values }) =>
      values.map((value) =>
        dot(frame, [level, value], { colour, said: `${subject}: ${figure(value, unit)} at ${level}` }),
      ),
    );
    return [
      line(frame, measured, { colour, said: subject }),
      line(frame, onwards, { colour, said, dashed: true }),
      ...dots,
    ];
  });
  const name = `${curve.title}, by ${dimension}`;
  return html`<h4>${name}</h4>
    <p class="soft">${curve.load}. Dashed: extrapolated, nothing was measured there.</p>
    ${legend(names)}${plot(frame, name, drawn.flat())}${table(['subject', `100 more ${dimension}`, 'and on'], curveRows(curve))}`;
}

/** Returns what paths give of what the path below them gives, a column a subject. */
export function ratioTable(ratios: readonly Ratio[], { metrics, subjects }: Comparison): Markup {
  const names = subjects.map(({ name }) => name);
  const rows = [...Map.groupBy(ratios, ({ id }) => id)].map(([id, own]) => {
    const metric = metrics.find((one) => one.id === id);
    const cells = names.map((name) => {
      const one = own.find(({ subject }) => subject === name);
      if (one === undefined) return html`<span class="soft">not measured</span>`;
      const { interval } = one;
      const around = interval === null ? '' : `${percentText(interval.low)} to ${percentText(interval.high)}`;
      return html`${percentText(one.median)}<br /><span class="soft">${around}</span>`;
    });
    const of = html`${metric === undefined ? id : metricName(metric)}<br /><span class="soft"
        >of ${own[0]?.baseline ?? ''}</span
      >`;
    return [of, ...cells];
  });
  return table(['path', ...names], rows);
}
