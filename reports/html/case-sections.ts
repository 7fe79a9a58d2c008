import { nameOf, reasonOf, statusOf } from '../../harness/events/record.ts';
import type { CaseAttachment, CaseRecord, RunRecord, CaseStatus } from '../../harness/events/record.ts';
import { duration } from '../format.ts';
import { canNarrow, reproduceCommand } from '../subject.ts';
import { tableMarkup } from './table-grid.ts';
import { html, nothing, section, table } from './markup.ts';
import type { Markup } from './markup.ts';

/** Returns a section with one card per case: reason, tables, steps, trace. Nothing without cases. */
export function caseCards(title: string, cases: readonly CaseRecord[]): Markup {
  return cases.length === 0 ? nothing : section(`${title} (${cases.length})`, ...cases.map(card));
}

function card(one: CaseRecord): Markup {
  return html`<div class="case ${statusOf(one)}">
    <h3><code>${nameOf(one)}</code></h3>
    <p>${one.title}</p>
    <p>${reasonOf(one)}</p>
    ${sourceOf(one)}${one.tables.map(tableMarkup)}${faults(one)}
    ${steps(one)}${one.attachments.filter(isText).map(({ name, content }) => fold(name, content))}${trace(one)}
  </div> `;
}

function sourceOf(one: CaseRecord): Markup {
  return one.source === undefined ? nothing : html`<p class="soft">Rule: ${one.source}</p>`;
}

function steps(one: CaseRecord): Markup {
  if (one.steps.length === 0) return nothing;
  const rows = one.steps.map((step) => [duration(step.startMs), duration(step.ms), step.title, step.error ?? '']);
  return html`<details>
    <summary>steps</summary>
    ${table(['at', 'took', 'step', 'error'], rows, [0, 1])}
  </details>`;
}

function faults({ faults: phases }: CaseRecord): Markup {
  const rows = phases.map(({ at, driver, phase, detail }) => [at.slice(11, 23), driver, phase, detail]);
  return rows.length === 0
    ? nothing
    : html`<h4>faults</h4>
        ${table(['at (UTC)', 'fault', 'phase', 'what'], rows)}`;
}

function trace(one: CaseRecord): Markup {
  return one.result?.trace === undefined ? nothing : fold('stack trace', one.result.trace);
}

/** Attachments a person can read as text. */
function isText({ mime }: CaseAttachment): boolean {
  return mime.startsWith('text/') || mime === 'application/json';
}

function fold(name: string, content: string): Markup {
  return html`<details>
    <summary>${name}</summary>
    <pre>${content}</pre>
  </details>`;
}

/** Returns a status as a coloured word; `absent` is a case that the run did not have. */
export function pill(status: CaseStatus | 'absent'): Markup {
  return html`<span class="pill ${status}">${status === 'absent' ? '–' : status.replace('-', ' ')}</span>`;
}

/** Returns the folded table of every case. */
export function allCases(run: RunRecord): Markup {
  if (run.cases.length === 0) return nothing;
  const rows = run.cases.map((one) => [
    pill(statusOf(one)),
    html`<code>${nameOf(one)}</code>`,
    one.title,
    duration(one.result?.ms ?? 0),
  ]);
  const body = html`<details>
    <summary>show all ${run.cases.length}</summary>
    ${table(['outcome', 'case', 'title', 'took'], rows, [3])}
  </details>`;
  const failed = run.cases.filter((one) => ['failed', 'inconclusive'].includes(statusOf(one))).map((one) => one.id);
  const again =
    failed.length === 0 || !canNarrow(run)
      ? nothing
      : html`<p>Only what failed or stayed open:</p>
          <pre>${reproduceCommand(run, failed)}</pre>`;
  return section('All cases', body, again);
}
