/** What a reason may name of its own cell. */
export interface ReasonPlace {
  readonly from: string;
  readonly to: string;
  readonly protocol?: string | undefined;
  readonly port?: number | undefined;
}

const fields = ['from', 'to', 'protocol', 'port'] as const;

/**
 * Returns a reason with what it names of its cell as `{from}`, `{to}`, `{protocol}`, `{port}`, so that hundreds of cells
 * share a handful of reasons; `{` itself is `{{`. A name may stand behind a prefix of its own: `ord-1-grid-{from}`.
 */
export function reasonTemplate(reason: string, place: ReasonPlace): string {
  const named = fields.map((field) => ({ field, value: valueOf(place, field) })).filter(({ value }) => value !== '');
  return escapeReason(reason).replaceAll(/[\w./-]+/g, (word) => {
    const found = named.find(({ value }) => word.endsWith(value) && isWhole(word, value));
    return found === undefined ? word : `${word.slice(0, word.length - found.value.length)}{${found.field}}`;
  });
}

/** Returns the reason of one cell in words. */
export function reasonText(template: string, place: ReasonPlace): string {
  return template.replaceAll(/\{\{|\{(?:from|to|protocol|port)\}/g, (found) => {
    if (found === '{{') return '{';
    const field = fields.find((name) => found === `{${name}}`);
    return field === undefined ? found : valueOf(place, field);
  });
}

/** Returns a reason that names nothing of its cell. */
export function escapeReason(reason: string): string {
  return reason.replaceAll('{', '{{');
}

function isWhole(word: string, value: string): boolean {
  return word.length === value.length || word.at(-value.length - 1) === '-';
}

function valueOf(place: ReasonPlace, field: (typeof fields)[number]): string {
  return String(place[field] ?? '');
}
