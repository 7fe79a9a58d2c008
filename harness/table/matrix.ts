import type { Agent } from '../probe/agent-types.ts';
import type { Probe, ProbeResult, Verdict } from '../probe/types.ts';

/** Transport of one column of a table. `HTTP` probes a TCP port with a request. */
export type MatrixProtocol = 'TCP' | 'UDP' | 'SCTP' | 'HTTP';

/** A row of a table: who asks. `key` is how the table names it (`x/a`). */
export interface MatrixSource {
  readonly key: string;
  readonly agent: Agent;
}

/** A column of a table: who is asked, where. Several targets may share a `key` and differ in port or protocol. */
export interface MatrixTarget {
  readonly key: string;
  readonly host: string;
  readonly port: number;
  readonly protocol: MatrixProtocol;
}

export interface CellPlace {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: MatrixProtocol;
}

export interface Cell extends CellPlace {
  readonly result: ProbeResult;
}

/** One measured truth table: cells by `cellKey`, and how long the whole table took. */
export interface Matrix {
  readonly cells: ReadonlyMap<string, Cell>;
  readonly ms: number;
}

export interface MatrixOptions {
  /** How long a probe waits before it is `dropped`. */
  readonly timeoutMs: number;
  /** The targets are this run's own: nobody minds a connection that ends with a reset, which is cheaper. */
  readonly ours?: boolean;
  /** Leaves cells out, such as a pod asking itself. */
  readonly skip?: (place: CellPlace) => boolean;
}

/** Returns a cell's name: `x/a -> y/b:80/TCP`. */
export function cellKey({ from, to, port, protocol }: CellPlace): string {
  return `${from} -> ${to}:${port}/${protocol}`;
}

const kinds = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp', HTTP: 'http' } as const;

/**
 * Returns how one cell of a table is asked. A handshake is enough, and the kernel answers it: a starved server process
 * cannot look like a drop.
 */
export function tableProbe(
  { host, port, protocol }: Omit<MatrixTarget, 'key'>,
  { timeoutMs, ours = false }: Pick<MatrixOptions, 'timeoutMs' | 'ours'>,
): Probe {
  const reach = { host, port, timeoutMs };
  // A table says what is let through, not how much of it is lost.
  if (protocol === 'UDP') return { kind: 'udp', sharedSocket: true, retry: true, ...reach };
  if (protocol === 'TCP') return { kind: 'tcp', connectOnly: true, closeWithReset: ours, retry: true, ...reach };
  return { kind: kinds[protocol], ...reach };
}

/** One cell to measure. */
interface Question {
  readonly source: MatrixSource;
  readonly target: MatrixTarget;
}

const placeOf = ({ source, target }: Question): CellPlace => {
  return { from: source.key, to: target.key, port: target.port, protocol: target.protocol };
};

async function askRow(row: readonly Question[], options: MatrixOptions): Promise<Cell[]> {
  const probes = row.map(({ target }) => tableProbe(target, options));
  const results = (await row[0]?.source.agent.probe(probes)) ?? [];
  const lost: ProbeResult = { verdict: 'inconclusive', elapsedUs: 0, error: 'no result' };
  return row.map((question, index) => ({ ...placeOf(question), result: results[index] ?? lost }));
}

export async function askAll(questions: readonly Question[], options: MatrixOptions): Promise<Map<string, Cell>> {
  const rows = Map.groupBy(questions, ({ source }) => source);
  const cells = await Promise.all([...rows.values()].map((row) => askRow(row, options)));
  return new Map(cells.flat().map((cell) => [cellKey(cell), cell]));
}

/** Second and third looks at silence on a machine where answers come late. */
const mostRepeats = 2;

/** Whether some answers took so long that others may have missed the timeout. */
function isSlow(cells: ReadonlyMap<string, Cell>, timeoutMs: number): boolean {
  const late = (timeoutMs * 1000) / 3;
  return [...cells.values()].some(({ result }) => result.verdict === 'open' && result.elapsedUs > late);
}

/** The silent cells, and per source one that answered: only an answer shows whether the machine is still slow. */
function doubtful(questions: readonly Question[], cells: ReadonlyMap<string, Cell>): Question[] {
  const verdictOf = (question: Question) => cells.get(cellKey(placeOf(question)))?.result.verdict;
  const silent = questions.filter((question) => verdictOf(question) === 'dropped');
  const answering = questions.filter((question) => verdictOf(question) === 'open');
  const witnesses = [...Map.groupBy(answering, ({ source }) => source).values()].flatMap((row) => row.slice(0, 1));
  return silent.length === 0 ? [] : [...silent, ...witnesses];
}

export function questionsOf(
  sources: readonly MatrixSource[],
  targets: readonly MatrixTarget[],
  { skip }: MatrixOptions,
): Question[] {
  const all = sources.flatMap((source) => targets.map((target) => ({ source, target })));
  return all.filter((question) => skip?.(placeOf(question)) !== true);
}

/**
 * Measures every source against every target: one request per source, as many at once as the machine answers in time,
 * so the table takes about as long as its slowest probe. On a machine so slow that answers come late, silent cells are
 * asked again, twice at most, before they are `dropped`. Never throws for a broken agent: its row is `inconclusive` and names it.
 */
export async function measureMatrix(
  sources: readonly MatrixSource[],
  targets: readonly MatrixTarget[],
  options: MatrixOptions,
): Promise<Matrix> {
  const started = performance.now();
  const questions = questionsOf(sources, targets, options);
  const cells = await askAll(questions, options);
  let slow = isSlow(cells, options.timeoutMs);
  for (let repeat = 0; slow && repeat < mostRepeats; repeat++) {
    const again = await askAll(doubtful(questions, cells), options);
    for (const [key, cell] of again) {
      if (cells.get(key)?.result.verdict === 'dropped') cells.set(key, cell);
    }
    slow = isSlow(again, options.timeoutMs);
  }
  return { cells, ms: performance.now() - started };
}

/** What a table should be: verdict by `cellKey`. */
export type ExpectedTable = ReadonlyMap<string, Verdict>;
