/** Returns a duration as people say it: `0.4 ms`, `12 ms`, `3.2 s`, `4 m 05 s`. */
export function duration(ms: number): string {
  if (ms === 0) return '0 ms';
  if (ms < 1) return `${ms.toFixed(1)} ms`;
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, '0')} s`;
}

/** Returns a measured value with its unit; times of any unit are said as durations. */
export function quantity(value: number, unit: string): string {
  if (unit === 'ms') return duration(value);
  if (unit === 'us') return duration(value / 1000);
  const plain = Number.isInteger(value) ? String(value) : value.toPrecision(3);
  return `${plain}${suffixes[unit] ?? ''}`;
}

const suffixes: Readonly<Record<string, string>> = {
  bytes: ' B',
  percent: ' %',
  per_second: '/s',
  bits_per_second: ' bit/s',
  cpu_seconds: ' CPU s',
};

/** Returns `1 case`, `2 cases`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Returns an aligned text table; columns named in `right` hold numbers. No trailing blanks. */
export function textTable(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, index) =>
    Math.max(...rows.map((row) => (row[index] ?? '').length)),
  );
  const cell = (text: string, index: number): string =>
    right.has(index) ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0);
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}

/** Returns the text on one line, cut to `width` characters with an ellipsis. */
export function oneLine(text: string, width: number): string {
  const flat = printable(text).replaceAll(/\s+/g, ' ').trim();
  return flat.length <= width ? flat : `${flat.slice(0, Math.max(0, width - 1))}…`;
}

/** Returns a word safe to paste into a POSIX shell. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Returns text that cannot steer a terminal: what came from pods and nodes may hold escape sequences. */
export function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}--[\n\t]]/gv,
    (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
