import type { RunRecord } from '../../harness/events/record.ts';
import { plural } from '../format.ts';
import { differs, matrixOf, matrixSummary } from '../comparison.ts';
import type { MatrixRow } from '../comparison.ts';
import { subjectOf } from '../subject.ts';
import { pill } from './case-sections.ts';
import { html, section, table } from './markup.ts';
import type { Markup } from './markup.ts';
import { page } from './run-page.ts';

/** Returns one self-contained HTML page that sets several runs side by side. */
export function matrixPage(runs: readonly RunRecord[]): string {
  const { columns, rows } = matrixOf(runs);
  const different = rows.filter(differs);
  const alike = rows.filter((row) => !differs(row));
  return page('Ordeal: comparison', [
    html`<h1>${plural(runs.length, 'run')} side by side</h1>`,
    ...runs.map((run) => html`<p class="soft">${run.runId}: ${subjectOf(run)}, ${run.startedAt}</p>`),
    section('Summary', table(['', ...columns], matrixSummary(runs))),
    section(`Where they differ (${different.length})`, cases(columns, different), note(different)),
    section(
      `Where they are alike (${alike.length})`,
      html`<details>
        <summary>show</summary>
        ${cases(columns, alike)}
      </details>`,
    ),
  ]);
}

function cases(columns: readonly string[], rows: readonly MatrixRow[]): Markup {
  const body = rows.map(({ id, title, cells }) => [
    html`<code>${id}</code><br /><span class="soft">${title}</span>`,
    ...cells.map(pill),
  ]);
  return table(['case', ...columns], body);
}

function note(rows: readonly MatrixRow[]): Markup {
  const absent = rows.some((row) => row.cells.includes('absent'));
  return html`${absent ? html`<p class="soft">–: that run had no such case; nothing is claimed.</p>` : ''}`;
}
