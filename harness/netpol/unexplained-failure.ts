import type { CaseContext } from '../case/types.ts';
import { ExplainedFailureError, isUnsettled, UnexplainedFailureError } from '../base/errors.ts';
import { settle } from '../base/settle.ts';
import { truthTable } from '../oracle/judge.ts';
import type { Cell } from '../oracle/types.ts';
import { fulfils } from '../table/fulfils.ts';
import { unresponsivePods, isInconclusiveCell } from '../table/unresponsive-pods.ts';
import { applyDeviations } from '../baseline/deviations.ts';
import { compared } from './broken-probes.ts';
import { explainCells } from './render.ts';
import type { GridState } from './state.ts';
import { disagreements, type MeasuredCell } from './table.ts';
import type { TableWatch } from './watch.ts';

type Known = Pick<CaseContext, 'knownFailure' | 'deviations'>;
type ClusterModel = Pick<GridState, 'world'>;

/**
 * Returns the cells of a known failure that stand against the specification and against what its CNI is known to read
 * in the policies. None in other cases, and where nothing is known of how the CNI reads.
 */
export function unexplainedCells(
  { knownFailure, deviations }: Known,
  state: ClusterModel,
  cells: readonly MeasuredCell[],
) {
  const wrong = knownFailure && deviations.length > 0 ? disagreements(cells) : [];
  if (wrong.length === 0) return [];
  const world = state.world();
  const networkPolicies = world.networkPolicies.map((policy) => applyDeviations(policy, deviations));
  const attempts = wrong.map(({ expected: { from, to, port, protocol } }) => ({ from, to, port, protocol }));
  const read = truthTable({ ...world, networkPolicies }, attempts).cells;
  const unresponsive = unresponsivePods(cells.map(compared));
  return wrong.filter(
    (cell, index) => !isAsRead(read[index], cell) && !isInconclusiveCell(compared(cell), unresponsive),
  );
}

const isAsRead = (read: Cell | undefined, { measured }: MeasuredCell) =>
  read !== undefined && fulfils(read, measured.verdict);

interface LastTable {
  readonly cells: readonly MeasuredCell[];
  readonly unexplained: readonly MeasuredCell[];
}

/** Looks in a row that must show nothing unexplained, once the first one did. */
const looksAgain = 3;

/**
 * Returns the table of a failure and what in it the baseline does not explain. A known failure is not waited for, and may
 * have been looked at before all pods did as the policies say: it is looked at again until it shows what is known, and
 * nothing else in a row of looks. A cell that was as known and then is not has relapsed: nothing forgives that.
 */
export async function lastTable(
  ctx: Known & Pick<CaseContext, 'step' | 'timeouts' | 'signal'>,
  state: ClusterModel,
  watch: Pick<TableWatch, 'unsettled'>,
): Promise<LastTable> {
  let cells = await watch.unsettled({ anew: !ctx.knownFailure });
  let unexplained = unexplainedCells(ctx, state, cells);
  if (unexplained.length === 0) return { cells, unexplained };
  const relapses = new Relapses();
  relapses.look(cells, unexplained);
  const sample = async () => {
    cells = await watch.unsettled({ anew: true });
    unexplained = unexplainedCells(ctx, state, cells);
    relapses.look(cells, unexplained);
    return unexplained.length === 0 ? undefined : explainCells(unexplained);
  };
  const what = 'failure as the baseline knows it';
  const { unexplainedFailureMs: timeoutMs, settlePollMs: pollMs, settleMostPollMs: mostPollMs } = ctx.timeouts;
  const options = { what, sample, consecutive: looksAgain, timeoutMs, pollMs, mostPollMs, signal: ctx.signal };
  await ctx.step(what, () => settle(options)).catch(unlessUnsettled);
  return { cells, unexplained: [...unexplained, ...relapses.besides(unexplained)] };
}

/** Cells that were once as known, or as specified, and in a later look were not. */
class Relapses {
  private readonly fine = new Set<string>();
  private readonly relapsed = new Map<string, MeasuredCell>();

  look(cells: readonly MeasuredCell[], unexplained: readonly MeasuredCell[]): void {
    for (const cell of unexplained) if (this.fine.has(cell.key)) this.relapsed.set(cell.key, cell);
    const wrong = new Set(unexplained);
    for (const cell of cells) {
      if (!wrong.has(cell) && cell.measured.verdict !== 'inconclusive') this.fine.add(cell.key);
    }
  }

  besides(cells: readonly MeasuredCell[]): MeasuredCell[] {
    const told = new Set(cells.map(({ key }) => key));
    return [...this.relapsed.values()].filter(({ key }) => !told.has(key));
  }
}

/** That it did not become the known one is for the table to tell. */
function unlessUnsettled(error: unknown): void {
  if (!isUnsettled(error)) throw error;
}

/**
 * Tells a failure that the baseline may excuse from one that it may not.
 * @throws UnexplainedFailureError, which names unexplained cells first; ExplainedFailureError where the table differs from
 * the specification and every cell that does is as the CNI is known to read the policies. Neither where `cause` says that
 * something else broke.
 */
export function classifyFailure(ctx: Known, { cells, unexplained }: LastTable, cause: unknown): void {
  if (!isUnsettled(cause)) return;
  if (unexplained.length > 0) {
    const message = `not as the baseline knows it, ${explainCells(unexplained)}; ${cause.message}`;
    throw new UnexplainedFailureError(message, { cause });
  }
  if (!ctx.knownFailure || ctx.deviations.length === 0 || disagreements(cells).length === 0) return;
  throw new ExplainedFailureError(cause.message, { cause });
}
