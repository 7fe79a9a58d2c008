import { leakedFaults } from '../../harness/events/exit-code.ts';
import { nameOf } from '../../harness/events/record.ts';
import type { RunRecord } from '../../harness/events/record.ts';
import { duration, plural } from '../format.ts';
import { imageSourceOf, reproduceCommand, subjectOf } from '../subject.ts';
import { byArea, casesOf, countStandings, groupByReason } from '../tally.ts';
import { underFault, underFaultRows } from '../under-fault.ts';
import { runConclusion } from '../verdict.ts';
import { allCases, caseCards } from './case-sections.ts';
import { measured, settling } from './measurements.ts';
import { durationBars, legend, stackedBars } from './charts.ts';
import { html, nothing, raw, section, table } from './markup.ts';
import type { Markup } from './markup.ts';
import { style } from './style.ts';

/** Returns one self-contained HTML page of a run: no scripts, no fonts, nothing fetched. */
export function runPage(run: RunRecord): string {
  return page(`Ordeal: ${subjectOf(run)}`, [
    header(run),
    areas(run),
    faultMatrix(run),
    caseCards('Failed', casesOf(run, 'failed')),
    caseCards('Inconclusive', casesOf(run, 'inconclusive')),
    caseCards('Known failures (in the baseline)', casesOf(run, 'known-failure')),
    caseCards('Unexpected passes: the baseline is out of date', casesOf(run, 'unexpected-pass')),
    unjudged(run),
    settling(run),
    measured(run),
    phasesOf(run),
    stepsOf(run),
    warnings(run),
    environment(run),
    allCases(run),
    section('Repeat it', html`<pre>${reproduceCommand(run)}</pre>`),
  ]);
}

/** Returns a whole page around its parts. */
export function page(title: string, parts: readonly Markup[]): string {
  const head = html`<meta charset="utf-8" /><meta
      name="viewport"
      content="width=device-width, initial-scale=1"
    /><title>${title}</title>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        ${head}
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        ${parts}
      </body>
    </html> `.html;
}

function header(run: RunRecord): Markup {
  const { word, because, exitCode } = runConclusion(run);
  const took = run.finished === undefined ? 'no end recorded' : duration(run.finished.ms);
  const kind = exitCode === 0 ? 'passed' : exitCode === 1 ? 'failed' : 'inconclusive';
  return html`<h1>${subjectOf(run)}</h1>
    <p class="soft">Run ${run.runId}, ${run.startedAt}, ${took}, Ordeal ${run.ordeal}, images: ${imageSourceOf(run)}</p>
    <div class="verdict ${kind}">
      <strong>${word}</strong> (exit code ${exitCode})
      <p>${because}</p>
    </div> `;
}

function areas(run: RunRecord): Markup {
  if (run.cases.length === 0) return nothing;
  const rows = [...byArea(run.cases)].map(([name, cases]) => ({ name, counts: countStandings(cases) }));
  return section('Areas', stackedBars(rows), legend(countStandings(run.cases)));
}

function faultMatrix(run: RunRecord): Markup {
  const [head, ...rows] = underFaultRows(underFault(run));
  return head === undefined ? nothing : section('While faults held', table(head, rows));
}

function unjudged(run: RunRecord): Markup {
  const groups = groupByReason(casesOf(run, 'unsupported', 'skipped', 'not-run'));
  const rows = groups.map(({ reason, cases }) => [reason, foldedCases(cases.length, cases.map(nameOf))]);
  const leftOut = (run.leftOut ?? []).map(({ why, cases, ids }) => [why, foldedCases(cases, ids ?? [])]);
  return section('Not judged, and why', table(['reason', 'cases'], [...rows, ...leftOut]));
}

function foldedCases(count: number, ids: readonly string[]): Markup {
  const said = plural(count, 'case');
  if (ids.length === 0) return html`${said}`;
  return html`<details>
    <summary>${said}</summary>
    ${ids.join(', ')}
  </details>`;
}

function stepsOf(run: RunRecord): Markup {
  if (run.steps.length === 0) return nothing;
  const rows = run.steps.map(({ title, ms, outcome }) => ({ name: title, ms, failed: outcome === 'failed' }));
  const errors = run.steps.flatMap(({ title, error }) =>
    error === undefined ? [] : [html`<pre>${title}: ${error}</pre>`],
  );
  return section('Steps of the run', durationBars(rows), ...errors);
}

function phasesOf(run: RunRecord): Markup {
  const rows = run.phases.map(({ at, title, edge }) => [at.slice(11, 23), title, edge]);
  const faults = run.faults.map(({ at, driver, phase, detail }) => [
    at.slice(11, 23),
    `fault ${driver}`,
    phase,
    detail,
  ]);
  return html`${section('Phases', table(['at (UTC)', 'phase', ''], rows))}${section(
    'Faults',
    table(['at (UTC)', 'fault', 'phase', 'what'], faults),
  )}`;
}

function warnings(run: RunRecord): Markup {
  const notes = run.notes.filter(({ level }) => level !== 'info').map(({ level, message }) => [level, message]);
  const leaked = leakedFaults(run).map(({ driver, detail }) => ['leaked fault', `${driver}: ${detail}`]);
  return section('Warnings', table(['kind', 'what'], [...leaked, ...notes]));
}

function environment(run: RunRecord): Markup {
  const found = run.environment;
  if (found === undefined) return nothing;
  const nodes = found.cluster.nodes.map(({ name, role, zone, kernel }) => [name, role, zone, kernel]);
  const features = found.features.map(({ feature, observed, declared, evidence }) => [
    feature,
    observed ? 'yes' : 'no',
    String(declared),
    evidence,
  ]);
  const pairs = [...Object.entries(found.host), ...Object.entries(found.images)].map(([name, value]) => [
    name,
    html`<code>${value}</code>`,
  ]);
  return section(
    'What was tested',
    table(['node', 'role', 'zone', 'kernel'], nodes),
    table(['feature', 'observed', 'declared', 'evidence'], features),
    html`<details>
      <summary>host and images</summary>
      ${table(['what', 'value'], pairs)}
    </details>`,
  );
}
