import type { CaseContext } from '../case/types.ts';
import { isUnsettled, UnexplainedFailureError } from '../base/errors.ts';
import { settle } from '../base/settle.ts';
import { truthTable } from '../oracle/judge.ts';
import { unresponsivePods, isInconclusiveCell } from '../table/unresponsive-pods.ts';
import { readAs } from '../baseline/deviations.ts';
import { compared } from './broken-probes.ts';
import { explainCells } from './render.ts';
import type { GridState } from './state.ts';
import { disagreements, type MeasuredCell } from './table.ts';
import type { TableWatch } from './watch.ts';

type Known = Pick<CaseContext, 'knownFailure' | 'readings'>;
type ClusterModel = Pick<GridState, 'world'>;

/**
 * Returns the cells of a known failure that stand against the specification and against what its CNI is known to read
 * in the policies. None in other cases, and where nothing is known of how the CNI reads.
 */
export function unexplainedCells(
  { knownFailure, readings }: Known,
  state: ClusterModel,
  cells: readonly MeasuredCell[],
) {
  const wrong = knownFailure && readings.length > 0 ? disagreements(cells) : [];
  if (wrong.length === 0) return [];
  const world = state.world();
  const networkPolicies = world.networkPolicies.map((policy) => readAs(policy, readings));
  const attempts = wrong.map(({ expected: { from, to, port, protocol } }) => ({ from, to, port, protocol }));
  const read = truthTable({ ...world, networkPolicies }, attempts).cells;
  const unresponsive = unresponsivePods(cells.map(compared));
  return wrong.filter(
    (cell, index) =>
      read[index]?.verdict !== cell.measured.verdict && !isInconclusiveCell(compared(cell), unresponsive),
  );
}

interface LastTable {
  readonly cells: readonly MeasuredCell[];
  readonly unexplained: readonly MeasuredCell[];
}

/**
 * Returns the table of a failure and what in it the baseline does not explain. A known failure is not waited for, and may
 * have been looked at before all pods did as the policies say: it is looked at again while it shows what is not known.
 */
export async function lastTable(
  ctx: Known & Pick<CaseContext, 'step' | 'timeouts' | 'signal'>,
  state: ClusterModel,
  watch: Pick<TableWatch, 'unsettled'>,
): Promise<LastTable> {
  let cells = await watch.unsettled({ anew: !ctx.knownFailure });
  let unexplained = unexplainedCells(ctx, state, cells);
  if (unexplained.length === 0) return { cells, unexplained };
  const sample = async () => {
    cells = await watch.unsettled({ anew: true });
    unexplained = unexplainedCells(ctx, state, cells);
    return unexplained.length === 0 ? undefined : explainCells(unexplained);
  };
  const what = 'failure as the baseline knows it';
  const { unexplainedFailureMs: timeoutMs, settlePollMs: pollMs, settleMostPollMs: mostPollMs } = ctx.timeouts;
  const options = { what, sample, consecutive: 1, timeoutMs, pollMs, mostPollMs, signal: ctx.signal };
  await ctx.step(what, () => settle(options)).catch(unlessUnsettled);
  return { cells, unexplained };
}

/** That it did not become the known one is for the table to tell. */
function unlessUnsettled(error: unknown): void {
  if (!isUnsettled(error)) throw error;
}

/** @throws UnexplainedFailureError, which names unexplained cells first, where `cause` says that the case has failed. */
export function refuseUnexplained(unexplained: readonly MeasuredCell[], cause: unknown): void {
  if (unexplained.length === 0 || !isUnsettled(cause)) return;
  throw new UnexplainedFailureError(`not as the baseline knows it, ${explainCells(unexplained)}; ${cause.message}`, {
    cause,
  });
}
