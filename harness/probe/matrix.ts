import type { Agent, Probe, ProbeResult, Verdict } from './types.ts';

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
  /** Leaves cells out, such as a pod asking itself. */
  readonly skip?: (place: CellPlace) => boolean;
}

/** Returns a cell's name: `x/a -> y/b:80/TCP`. */
export function cellKey({ from, to, port, protocol }: CellPlace): string {
  return `${from} -> ${to}:${port}/${protocol}`;
}

const kinds = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp', HTTP: 'http' } as const;

function probeOf({ host, port, protocol }: MatrixTarget, timeoutMs: number): Probe {
  return { kind: kinds[protocol], host, port, timeoutMs };
}

async function measureRow(
  source: MatrixSource,
  targets: readonly MatrixTarget[],
  options: MatrixOptions,
): Promise<Cell[]> {
  const place = ({ key, port, protocol }: MatrixTarget) => ({ from: source.key, to: key, port, protocol });
  const wanted = targets.filter((target) => options.skip?.(place(target)) !== true);
  const results = await source.agent.probe(wanted.map((target) => probeOf(target, options.timeoutMs)));
  const lost: ProbeResult = { verdict: 'inconclusive', elapsedUs: 0, error: 'no result' };
  return wanted.map((target, index) => ({ ...place(target), result: results[index] ?? lost }));
}

/**
 * Measures every source against every target: one request per source, all at once, so the table takes about as long
 * as its slowest probe. Never throws for a broken agent: its row is `inconclusive` and names it.
 */
export async function measureMatrix(
  sources: readonly MatrixSource[],
  targets: readonly MatrixTarget[],
  options: MatrixOptions,
): Promise<Matrix> {
  const started = performance.now();
  const rows = await Promise.all(sources.map((source) => measureRow(source, targets, options)));
  const ms = performance.now() - started;
  return { cells: new Map(rows.flat().map((cell) => [cellKey(cell), cell])), ms };
}

/** What a table should be: verdict by `cellKey`. */
export type ExpectedTable = ReadonlyMap<string, Verdict>;

export interface Difference {
  readonly key: string;
  readonly expected: Verdict;
  /** Absent: the cell was not measured. */
  readonly measured: Cell | undefined;
}

/**
 * Returns the cells whose measured verdict is not the expected one, in the order of `expected`. A cell not measured
 * and an inconclusive one differ from every expectation.
 */
export function diffMatrix(expected: ExpectedTable, measured: Matrix): Difference[] {
  const differences = [...expected].map(([key, verdict]) => ({
    key,
    expected: verdict,
    measured: measured.cells.get(key),
  }));
  return differences.filter(
    ({ expected: want, measured: cell }) => cell?.result.verdict !== want || want === 'inconclusive',
  );
}

/** Returns the differences that say nothing about the network: the tool broke or never asked. */
export function inconclusiveOf(differences: readonly Difference[]): Difference[] {
  return differences.filter(({ measured }) => (measured?.result.verdict ?? 'inconclusive') === 'inconclusive');
}

/** Returns one line for a person: `x/a -> y/b:80/TCP: expected dropped, measured open after 1.2 ms`. */
export function describeDifference({ key, expected, measured }: Difference): string {
  if (measured === undefined) return `${key}: expected ${expected}, not measured`;
  const { verdict, elapsedUs, error } = measured.result;
  const why = error === undefined ? '' : ` (${error})`;
  return `${key}: expected ${expected}, measured ${verdict} after ${(elapsedUs / 1000).toFixed(1)} ms${why}`;
}
