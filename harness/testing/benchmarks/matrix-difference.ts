import type { Verdict } from '../../probe/types.ts';
import {
  askAll,
  type Cell,
  type ExpectedTable,
  type Matrix,
  type MatrixOptions,
  type MatrixSource,
  type MatrixTarget,
  questionsOf,
} from '../../table/matrix.ts';

/** Measures every source against every target, each cell once: for who believes only what a second look agrees with. */
export async function lookAtMatrix(
  sources: readonly MatrixSource[],
  targets: readonly MatrixTarget[],
  options: MatrixOptions,
): Promise<Matrix> {
  const started = performance.now();
  const cells = await askAll(questionsOf(sources, targets, options), options);
  return { cells, ms: performance.now() - started };
}

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

/** Returns one line for a person: `x/a -> y/b:80/TCP: expected dropped, measured open after 1.2 ms`. */
export function describeDifference({ key, expected, measured }: Difference): string {
  if (measured === undefined) return `${key}: expected ${expected}, not measured`;
  const { verdict, elapsedUs, error } = measured.result;
  const why = error === undefined ? '' : ` (${error})`;
  return `${key}: expected ${expected}, measured ${verdict} after ${(elapsedUs / 1000).toFixed(1)} ms${why}`;
}
