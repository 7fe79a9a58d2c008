import { describeEnd } from '../oracle/ends.ts';
import type { Questions } from '../oracle/choose-attempts.ts';
import type { Oracle } from '../oracle/judge.ts';
import type { Attempt, ExpectedVerdict } from '../oracle/types.ts';

const symbols: Readonly<Record<ExpectedVerdict, string>> = {
  open: '.',
  dropped: 'X',
  refused: 'R',
  unreachable: 'U',
  mixed: '*',
  undecided: '?',
};
const legend =
  '. open   X dropped   R refused   U unreachable   * depends on the pod   ? undecided   (blank: not asked)';
const blank = ' '.charCodeAt(0);

/** One port's part of the table: a byte a cell, row after row, so that thousands of pods fit into memory. */
interface Block {
  readonly title: string;
  readonly columns: readonly Omit<Attempt, 'from'>[];
  readonly cells: Uint8Array;
}

/**
 * Yields the expected table line by line: a block a port, rows asking columns, blocks that look the same printed once
 * under all their ports; then the legend and a line with the reason for each cell that is not one verdict.
 */
export function* expectedLines(oracle: Oracle, questions: Questions): Generator<string> {
  const blocks = [...Map.groupBy(questions.asked, wireOf)].map(([title, columns]) =>
    blockOf(oracle, questions, title, columns),
  );
  for (const same of merged(blocks)) {
    yield same.map(({ title }) => title).join(' ');
    yield* rows(questions, same[0]);
    yield '';
  }
  yield legend;
  for (const block of blocks) yield* reasons(oracle, questions, block);
}

const wireOf = ({ port, protocol }: Omit<Attempt, 'from'>) => `${port}/${protocol}`;

function blockOf(oracle: Oracle, { sources }: Questions, title: string, columns: Block['columns']): Block {
  const cells = new Uint8Array(sources.length * columns.length).fill(blank);
  sources.forEach((from, row) => {
    columns.forEach((column, at) => {
      const { verdict } = oracle.judge({ from, ...column });
      cells[row * columns.length + at] = symbols[verdict].charCodeAt(0);
    });
  });
  return { title, columns, cells };
}

/** Blocks of the same columns and cells, together. */
function merged(blocks: readonly Block[]): [Block, ...Block[]][] {
  const groups: [Block, ...Block[]][] = [];
  for (const block of blocks) {
    const same = groups.find(([first]) => looksLike(first, block));
    if (same === undefined) groups.push([block]);
    else same.push(block);
  }
  return groups;
}

function looksLike(one: Block, other: Block): boolean {
  const named = ({ columns }: Block) => columns.map(({ to }) => describeEnd(to)).join();
  return Buffer.compare(one.cells, other.cells) === 0 && named(one) === named(other);
}

function* rows({ sources }: Questions, { columns, cells }: Block): Generator<string> {
  const names = sources.map(describeEnd);
  const heads = columns.map(({ to }) => describeEnd(to));
  const first = Math.max(0, ...names.map((name) => name.length));
  yield [''.padEnd(first), ...heads].join('  ').trimEnd();
  for (const [row, name] of names.entries()) {
    const line = heads.map((head, at) => {
      const cell = cells[row * columns.length + at] ?? blank;
      return String.fromCharCode(cell).padEnd(head.length);
    });
    yield [name.padEnd(first), ...line].join('  ').trimEnd();
  }
}

function* reasons(oracle: Oracle, { sources }: Questions, { columns, cells }: Block): Generator<string> {
  const unclear = [symbols.mixed, symbols.undecided].map((it) => it.charCodeAt(0));
  for (const [row, from] of sources.entries()) {
    for (const [at, column] of columns.entries()) {
      if (!unclear.includes(cells[row * columns.length + at] ?? blank)) continue;
      const { reason } = oracle.judge({ from, ...column });
      yield `${describeEnd(from)} -> ${describeEnd(column.to)}:${wireOf(column)}: ${reason.text}`;
    }
  }
}

/** Yields the judged cells as one JSON array, a cell at a time. */
export function* expectedJson(oracle: Oracle, { sources, asked }: Questions): Generator<string> {
  let opening = '[';
  for (const from of sources) {
    for (const question of asked) {
      const attempt = { from, ...question };
      yield `${opening}\n  ${JSON.stringify({ ...attempt, ...oracle.judge(attempt) })}`;
      opening = ',';
    }
  }
  yield `${opening === '[' ? '[' : ''}\n]\n`;
}
