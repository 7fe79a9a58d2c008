import { type Cell, cellKey, type CellPlace, type ExpectedTable, type Matrix } from './matrix.ts';
import type { Verdict } from '../probe/types.ts';

const symbols: Readonly<Record<Verdict, string>> = {
  open: '.',
  dropped: 'X',
  refused: 'R',
  unreachable: 'U',
  malformed: 'M',
  unresolved: 'N',
  inconclusive: '?',
};

/** What the symbols of a rendered table mean. */
export const legend =
  '. open   X dropped   R refused   U unreachable   M malformed   N unresolved   ? inconclusive   (blank: not measured)';

/** Writes what stands in one cell. */
type CellText = (place: CellPlace) => string;

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

function block(places: readonly CellPlace[], text: CellText): string[] {
  const rows = unique(places.map(({ from }) => from));
  const columns = unique(places.map(({ to }) => to));
  const byKey = new Map(places.map((place) => [`${place.from} ${place.to}`, place]));
  const first = Math.max(0, ...rows.map((row) => row.length));
  const cellText = (row: string, column: string) => {
    const place = byKey.get(`${row} ${column}`);
    return (place === undefined ? '' : text(place)).padEnd(column.length);
  };
  const head = [''.padEnd(first), ...columns].join('  ');
  const lines = rows.map((row) => [row.padEnd(first), ...columns.map((column) => cellText(row, column))].join('  '));
  return [head, ...lines].map((line) => line.trimEnd());
}

/** Tables that look the same are printed once, under all their ports: `80/TCP 81/TCP`. */
function render(places: readonly CellPlace[], text: CellText): string {
  const groups = Map.groupBy(places, ({ port, protocol }) => `${port}/${protocol}`);
  const blocks = [...groups].map(([title, group]) => ({ title, body: block(group, text).join('\n') }));
  const merged = Map.groupBy(blocks, ({ body }) => body);
  return [...merged].map(([body, same]) => `${same.map(({ title }) => title).join(' ')}\n${body}\n`).join('\n');
}

const placePattern = /^(.*) -> (.*):(\d+)\/(TCP|UDP|SCTP|HTTP)$/;

/** The inverse of `cellKey`; tables of expectations carry only keys. */
function placeOf(key: string): CellPlace[] {
  const [, from, to, port, protocol] = placePattern.exec(key) ?? [];
  if (from === undefined || to === undefined) return [];
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP' && protocol !== 'HTTP') return [];
  return [{ from, to, port: Number(port), protocol }];
}

const verdictOf = (cell: Cell | undefined): Verdict | undefined => cell?.result.verdict;
const symbolOf = (verdict: Verdict | undefined): string => (verdict === undefined ? '' : symbols[verdict]);

/** Returns the difference as text: `=` where they agree, else expected and measured symbol (`X>.`). */
export function renderDifference(expected: ExpectedTable, measured: Matrix): string {
  const places = [...expected.keys()].flatMap(placeOf);
  return render(places, (place) => {
    const want = expected.get(cellKey(place));
    const got = verdictOf(measured.cells.get(cellKey(place)));
    return want === got && want !== 'inconclusive' ? '=' : `${symbolOf(want)}>${symbolOf(got)}`;
  });
}
