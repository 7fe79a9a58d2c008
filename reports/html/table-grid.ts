import { reasonOfCell } from '../../harness/events/case-table.ts';
import type { CaseTable } from '../../harness/events/record.ts';
import type { TableCell } from '../../harness/events/table-cell.ts';
import { deviantsOf, gridsOf, isDeviant, legendOf, placeOf, symbolOf, wireOf } from '../table-grid.ts';
import type { Grid } from '../table-grid.ts';
import { headOf } from '../table-text.ts';
import { html, nothing, table as plainTable } from './markup.ts';
import type { Markup } from './markup.ts';

const mostRows = 60;

/** Returns a table as coloured grids with the cells that do not agree listed below; one that agrees is folded. */
export function tableMarkup(one: CaseTable): Markup {
  if (isDeviant(one))
    return html`<h4>${headOf(one)}</h4>
      ${gridsMarkup(one)}${deviants(one)}`;
  const grids = gridsMarkup(one);
  return html`<details>
    <summary>table ${headOf(one)}</summary>
    ${grids.html === '' ? cellRows(one) : grids}
  </details>`;
}

function gridsMarkup(one: CaseTable): Markup {
  const grids = gridsOf(one);
  if (grids.length === 0) return nothing;
  const explained = isDeviant(one);
  const legend = html`<p class="soft legend">
    <code>${legendOf(one)}</code> <span class="cell differs">X›.</span> expected X, measured .
  </p>`;
  return html`${grids.map((grid) => gridMarkup(one, grid, explained))}${legend}`;
}

function gridMarkup(one: CaseTable, grid: Grid, explained: boolean): Markup {
  const { route, wires } = grid;
  const order = wires.length > 1 ? `each cell in order: ${wires.join(', ')}` : wires.join();
  const caption = [...(route === '' ? [] : [`by ${route}`]), order].join('; ');
  const head = grid.columns.map((column) => html`<th scope="col">${column}</th>`);
  const body = grid.rows.map((row) => {
    const cells = grid.columns.map(
      (column) => html`<td>${grid.at(row, column).map((cell) => mark(one, cell, explained))}</td>`,
    );
    return html`<tr>
      <th scope="row">${row}</th>
      ${cells}
    </tr>`;
  });
  return html`<div class="scroll">
    <table class="grid">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <td></td>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

function mark(one: CaseTable, cell: TableCell, explained: boolean): Markup {
  const apart = cell.result === 'differs' || cell.result === 'inconclusive';
  const said = apart ? `${symbolOf(cell.expected)}›${symbolOf(cell.measured)}` : symbolOf(cell.measured);
  const kind = cell.result ?? `agrees ${symbolOf(cell.measured) === '.' ? 'open' : 'closed'}`;
  if (!explained) return html`<span class="cell ${kind}">${said}</span>`;
  return html`<span class="cell ${kind}" title="${hintOf(one, cell)}">${said}</span>`;
}

function hintOf(one: CaseTable, cell: TableCell): string {
  const reason = reasonOfCell(one, cell);
  const seen = `${placeOf(cell)}: expected ${cell.expected}, measured ${cell.measured}`;
  return reason === undefined ? seen : `${seen}; ${reason}`;
}

function deviants(one: CaseTable): Markup {
  const all = deviantsOf(one);
  const rows = all
    .slice(0, mostRows)
    .map(({ cell, reason }) => [
      ...placeCells(cell),
      cell.expected,
      measured(cell),
      html`<span class="why">${reason}</span>`,
    ]);
  const more =
    all.length > mostRows ? html`<p class="soft">${all.length - mostRows} more cells are in run.ndjson.</p>` : nothing;
  return html`${plainTable(['from', 'to', 'over', 'expected', 'measured', 'why'], rows)}${more}`;
}

function cellRows({ cells }: CaseTable): Markup {
  const rows = cells.slice(0, mostRows).map((cell) => [...placeCells(cell), cell.expected, cell.measured]);
  return plainTable(['from', 'to', 'over', 'expected', 'measured'], rows);
}

const placeCells = (cell: TableCell): string[] => [cell.from, cell.to, wireOf(cell)];

function measured({ measured: said, result }: TableCell): Markup {
  return html`<span class="said ${result === 'differs' ? 'failed' : 'inconclusive'}">${said}</span>`;
}
