import { escapeHtml } from '../escape.ts';
import { printable } from '../format.ts';

/** Text that is already HTML; everything else is escaped on its way in. */
export interface Markup {
  readonly html: string;
}
type Part = Markup | string | number | readonly Part[];

/** Tagged template: returns markup in which every interpolated text is escaped and markup and lists are kept. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { html: String.raw({ raw: strings }, ...parts.map(render)) };
}

function render(part: Part): string {
  if (typeof part === 'string') return escapeHtml(printable(part));
  if (typeof part === 'number') return String(part);
  return 'html' in part ? part.html : part.map(render).join('');
}

/** Returns markup of trusted text, such as the style sheet. */
export function raw(text: string): Markup {
  return { html: text };
}

export const nothing: Markup = { html: '' };

/** Returns a section with a heading, or nothing when it has no content. */
export function section(title: string, ...content: readonly Markup[]): Markup {
  return content.every((part) => part.html === '')
    ? nothing
    : html`<section>
        <h2>${title}</h2>
        ${content}
      </section> `;
}

/** Returns a table; cells are texts or markup, columns named in `numbers` are set right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (Markup | string)[])[],
  numbers: readonly number[] = [],
): Markup {
  if (rows.length === 0) return nothing;
  const cell = (content: Markup | string, index: number): Markup =>
    numbers.includes(index) ? html`<td class="n">${content}</td>` : html`<td>${content}</td>`;
  const th = head.map((title, index) =>
    numbers.includes(index) ? html`<th class="n">${title}</th>` : html`<th>${title}</th>`,
  );
  const body = rows.map(
    (row) =>
      html`<tr>
        ${row.map(cell)}
      </tr> `,
  );
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${th}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}
