import { plural } from '../format.ts';
import { figure } from './figure.ts';
import { html, type Markup, nothing, section, table } from '../html/markup.ts';
import { page } from '../html/run-page.ts';
import { differencePlot, roundsPlot } from './charts.ts';
import { cpuPlot, curvePlot, distributionPlot, ratioTable } from './more-charts.ts';
import type { ComparedMetric, Comparison, Subject, Summary } from './model.ts';
import { caveats, differenceText, gateLines, medianOf, metricName, noiseText, pText, verdictText } from './words.ts';

/** Returns one self-contained HTML page of the comparison: no scripts, no fonts, nothing fetched. */
export function comparisonPage(comparison: Comparison): string {
  const { subjects, metrics } = comparison;
  const areas = [...Map.groupBy(metrics, ({ area }) => area)];
  const names = subjects.map(({ name }) => name);
  return page(`Ordeal: ${names.join(' against ')}`, [
    html`<h1>${names.join(' against ')}</h1>`,
    gateBox(comparison),
    html`<ul>
      ${caveats(comparison).map((caveat) => html`<li>${caveat}</li>`)}
    </ul>`,
    ...areas.map(([area, own]) => section(`${area}: medians`, matrix(names, own))),
    ...areas.map(([area, own]) => section(`${area}: differences`, differencePlot(own), differences(own))),
    section('What each path costs: shares of the path below', ratioTable(comparison.ratios, comparison)),
    section('CPU against throughput', cpuPlot(comparison)),
    section('Latencies of all rounds', ...comparison.distributions.map(distributionPlot)),
    section('What more of it costs', ...comparison.curves.map(curvePlot)),
    ...areas.map(([area, own]) => section(`${area}: every round`, ...own.map(rounds))),
    section('What was compared', ...subjects.map(about)),
    section('How to reproduce it', howTo(comparison)),
  ]);
}

const colours = { passed: 'passed', failed: 'failed', undecided: 'inconclusive' } as const;

function gateBox(comparison: Comparison): Markup {
  const [said, ...more] = gateLines(comparison);
  if (said === undefined || comparison.gate === undefined) return nothing;
  return html`<div class="verdict ${colours[comparison.gate.outcome]}">
    <strong>${said}</strong>${more.map((line) => html`<p>${line}</p>`)}
  </div>`;
}

/** Metrics down, subjects across, each with its interval and whom it is shown to beat or to lose to. */
function matrix(names: readonly string[], metrics: readonly ComparedMetric[]): Markup {
  const rows = metrics.map((metric) => [
    html`${metricName(metric)}<br /><span class="soft">${metric.better} is better</span>`,
    ...names.map((name) => cell(metric, name)),
  ]);
  return table(['metric', ...names], rows);
}

function cell(metric: ComparedMetric, subject: string): Markup | string {
  const summary = metric.summaries.find((one) => one.subject === subject);
  if (summary === undefined) return html`<span class="soft">not measured</span>`;
  const shown = shownFor(metric, subject).map(({ verdict, other }) => {
    return html`<br /><span class="${verdict === 'better' ? 'passed' : 'failed'} said">${verdict} than ${other}</span>`;
  });
  return html`${figure(summary.median, metric.unit)}<br /><span class="soft">${intervalText(summary, metric)}</span
    >${shown}`;
}

function intervalText({ interval, rounds: count }: Summary, { unit }: ComparedMetric): string {
  const around = interval === null ? '' : `${figure(interval.low, unit)} to ${figure(interval.high, unit)}, `;
  return `${around}${plural(count, 'round')}`;
}

/** A verdict of one subject against another is the opposite one for the other. */
function shownFor({ differences: all }: ComparedMetric, subject: string) {
  const opposite = { better: 'worse', worse: 'better', 'no difference shown': 'no difference shown' } as const;
  const own = all.flatMap((one) => {
    if (one.subject === subject) return [{ verdict: one.verdict, other: one.reference }];
    return one.reference === subject ? [{ verdict: opposite[one.verdict], other: one.subject }] : [];
  });
  return own.filter(({ verdict }) => verdict !== 'no difference shown');
}

function differences(metrics: readonly ComparedMetric[]): Markup {
  const rows = metrics.flatMap((metric) =>
    metric.differences.map((one) => [
      metricName(metric),
      `${one.subject} against ${one.reference}`,
      differenceText(one, metric.unit),
      noiseText(one, metric.unit, medianOf(metric, one.reference)),
      pText(one.pHolm),
      verdictText(one),
    ]),
  );
  if (rows.length === 0) return nothing;
  return html`<details>
    <summary>as a table</summary>
    ${table(['metric', 'pair', 'difference [95 %]', 'noise floor', 'p (Holm)', 'verdict'], rows)}
  </details>`;
}

function rounds(metric: ComparedMetric): Markup {
  return html`<h4>${metricName(metric)}</h4>
    <p class="soft">${metric.load}</p>
    ${roundsPlot(metric)}`;
}

function about({ name, network, nodes, host, runs }: Subject): Markup {
  const facts = Object.entries(host).map(([fact, value]) => [fact, value]);
  const logs = runs.map(({ runId, startedAt, command }) => ['log', `${runId} (ordeal ${command}, ${startedAt})`]);
  return html`<h4>${name}</h4>
    ${table(['', ''], [['network', network], ['nodes', String(nodes)], ...facts, ...logs])}`;
}

/** Commands as they were given; finished logs give the same page at any time. */
function howTo({ subjects, rule }: Comparison): Markup {
  const runs = [...new Map(subjects.flatMap((one) => one.runs).map((run) => [run.runId, run])).values()];
  const commands = [...new Set(runs.flatMap(({ argv }) => (argv === undefined ? [] : [`ordeal ${argv.join(' ')}`])))];
  const again = `ordeal compare ${runs.map(({ runId }) => runId).join(' ')} --seed ${rule.seed}`;
  return html`<p>Measured by:</p>
    <pre>${commands.join('\n')}</pre>
    <p>The same figures again, from the logs:</p>
    <pre>${again}</pre>`;
}
