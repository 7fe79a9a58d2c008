import type { RunRecord } from '../../harness/events/record.ts';
import { duration } from '../format.ts';
import { html, type Markup, section, table } from '../html/markup.ts';
import { page } from '../html/run-page.ts';
import { upgradeReport } from './fold.ts';
import type { Path, UpgradeReport } from './model.ts';
import { timeline, timelineLegend } from './timeline.ts';
import {
  className,
  clockOf,
  conformanceLines,
  isHarmed,
  lossOf,
  pathName,
  summary,
  windowText,
  worstFirst,
} from './words.ts';

const states = {
  safe: 'passed',
  'safe with downtime': 'known-failure',
  unsafe: 'failed',
  inconclusive: 'inconclusive',
} as const;

/** Returns one self-contained HTML page of an upgrade: verdict and findings, the timeline, then every path. */
export function upgradePage(run: RunRecord): string {
  const report = upgradeReport(run);
  return page(`Ordeal: ${report.title}`, [
    header(report),
    findings(report),
    section('Timeline', timeline(report), timelineLegend()),
    losses(report),
    section('Conformance', ...conformanceLines(report).map((line) => html`<p>${line}</p>`)),
    steps(report),
    allPaths(report),
    budgets(report),
  ]);
}

const mostReasons = 12;

function header(report: UpgradeReport): Markup {
  const { verdict, reasons, title, startedAt, cluster, ordeal } = report;
  const state = verdict === undefined ? 'not-run' : states[verdict];
  const more = reasons.length - mostReasons;
  const where =
    cluster === undefined
      ? ''
      : `${cluster.name}: Kubernetes ${cluster.kubernetes}, ${cluster.cni} ${cluster.cniVersion}, ${cluster.nodes} nodes. `;
  return html`<h1>${title}</h1>
    <p class="soft">${where}${startedAt}, Ordeal ${ordeal}</p>
    <div class="verdict ${state}">
      <strong>${verdict ?? 'no verdict'}</strong>
      <p>${summary(report)}</p>
      ${reasons.slice(0, mostReasons).map((reason) => html`<p>${reason}</p>`)}
      ${more > 0 ? html`<p class="soft">and ${more} more</p>` : ''}
    </div>`;
}

const severities = { critical: 'failed', warning: 'known-failure', info: 'skipped' } as const;

function findings(report: UpgradeReport): Markup {
  const rows = report.findings.map(({ severity, object, what, remedy }) => [
    html`<span class="pill ${severities[severity]}">${severity}</span>`,
    html`<code>${object}</code>`,
    what,
    remedy,
  ]);
  return section('Findings', table(['', 'object', 'finding', 'remedy'], rows));
}

function losses({ paths }: UpgradeReport): Markup {
  const rows = worstFirst(paths.filter(isHarmed)).flatMap((path) =>
    path.lanes.flatMap(({ transport, connections, windows, during }) =>
      windows.length === 0
        ? []
        : [
            [
              pathName(path),
              className(path),
              `${transport}, ${connections}`,
              `${during?.failed ?? 0} of ${during?.attempts ?? 0}`,
              windows.slice(0, 5).map(windowText).join('; '),
            ],
          ],
    ),
  );
  return section('What was lost', table(['path', 'kind', 'traffic', 'failed', 'windows'], rows, [3]));
}

function steps({ spans }: UpgradeReport): Markup {
  const rows = spans.map(({ kind, title, from, ms }) => [clockOf(from), duration(ms), kind, title]);
  return section('Steps', table(['from', 'took', 'kind', ''], rows, [1]));
}

function allPaths({ paths }: UpgradeReport): Markup {
  const rows = paths.flatMap((path) => path.lanes.map((lane) => laneRow(path, lane)));
  if (rows.length === 0) return html``;
  const head = ['path', 'kind', 'traffic', 'tried', 'before', 'during', 'failed', 'lost', 'cuts'];
  return section(
    'Every path',
    html`<p class="soft">Before and during: mean and slowest answer of the attempts that were answered.</p>
      <details>
        <summary>${rows.length} lanes</summary>
        ${table(head, rows, [3, 4, 5, 6, 7, 8])}
      </details>`,
  );
}

function laneRow(path: Path, { transport, connections, everyMs, before, during }: Path['lanes'][number]): string[] {
  const latency = (seen: typeof before) =>
    seen?.meanMs === undefined ? '' : `${seen.meanMs.toFixed(1)} / ${(seen.maxMs ?? 0).toFixed(0)} ms`;
  const count = (value: number | undefined) => String(value ?? 0);
  return [
    pathName(path),
    className(path),
    `${transport}, ${connections}`,
    `${during?.attempts ?? 0}, every ${duration(everyMs)}`,
    ...[latency(before), latency(during), count(during?.failed), count(during?.lost), count(during?.cuts)],
  ];
}

function budgets(report: UpgradeReport): Markup {
  const rows = Object.entries(report.budgets).map(([name, of]) => [
    name,
    ...['longestMs', 'sumMs', 'failed', 'leakMs'].map((field) => String(of[field] ?? '')),
  ]);
  const head = ['kind of path', 'longest, ms', 'sum, ms', 'failed attempts', 'leak, ms'];
  return section(
    'Budgets that were applied',
    table(head, rows, [1, 2, 3, 4]),
    html`<p class="soft">${lossNote(report)}</p>`,
  );
}

function lossNote({ paths }: UpgradeReport): string {
  const cuts = paths.reduce((sum, path) => sum + lossOf(path).cuts, 0);
  return `Windows run from the due time of the first failed attempt to that of the next success. Kept connections were cut ${cuts} times in all.`;
}
