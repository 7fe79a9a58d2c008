import type { CaseContext } from '../case/types.ts';
import { isUnsettled, NewFailureError } from '../base/errors.ts';
import { settle } from '../base/settle.ts';
import { truthTable } from '../oracle/judge.ts';
import { mutePods, tellsNothing } from '../table/mute-pods.ts';
import { readAs } from '../baseline/deviations.ts';
import { compared } from './broken-probes.ts';
import { explainCells } from './render.ts';
import type { GridState } from './state.ts';
import { disagreements, type MeasuredCell } from './table.ts';
import type { TableWatch } from './watch.ts';

type Known = Pick<CaseContext, 'knownFailure' | 'readings'>;
type World = Pick<GridState, 'world'>;

/**
 * Returns the cells of a known failure that stand against the specification and against what its CNI is known to read
 * in the policies. None in other cases, and where nothing is known of how the CNI reads.
 */
export function newsIn({ knownFailure, readings }: Known, state: World, cells: readonly MeasuredCell[]) {
  const wrong = knownFailure && readings.length > 0 ? disagreements(cells) : [];
  if (wrong.length === 0) return [];
  const world = state.world();
  const networkPolicies = world.networkPolicies.map((policy) => readAs(policy, readings));
  const attempts = wrong.map(({ expected: { from, to, port, protocol } }) => ({ from, to, port, protocol }));
  const read = truthTable({ ...world, networkPolicies }, attempts).cells;
  const mute = mutePods(cells.map(compared));
  return wrong.filter(
    (cell, index) => read[index]?.verdict !== cell.measured.verdict && !tellsNothing(compared(cell), mute),
  );
}

interface LastTable {
  readonly cells: readonly MeasuredCell[];
  readonly news: readonly MeasuredCell[];
}

/**
 * Returns the table of a failure and what is news in it. A known one is not waited for, and may have been looked at before all pods did as the
 * policies say: it is looked at again while it shows what is not known.
 */
export async function lastTable(
  ctx: Known & Pick<CaseContext, 'step' | 'timeouts' | 'signal'>,
  state: World,
  watch: Pick<TableWatch, 'unsettled'>,
): Promise<LastTable> {
  let cells = await watch.unsettled({ anew: !ctx.knownFailure });
  let news = newsIn(ctx, state, cells);
  if (news.length === 0) return { cells, news };
  const sample = async () => {
    cells = await watch.unsettled({ anew: true });
    news = newsIn(ctx, state, cells);
    return news.length === 0 ? undefined : explainCells(news);
  };
  const what = 'failure as the baseline knows it';
  const { newFailureMs: timeoutMs, settlePollMs: pollMs, settleMostPollMs: mostPollMs } = ctx.timeouts;
  const options = { what, sample, consecutive: 1, timeoutMs, pollMs, mostPollMs, signal: ctx.signal };
  await ctx.step(what, () => settle(options)).catch(unlessNew);
  return { cells, news };
}

/** That it did not become the known one is for the table to tell. */
function unlessNew(error: unknown): void {
  if (!isUnsettled(error)) throw error;
}

/** @throws NewFailureError where there is news, which it tells first, and `cause` says that the case has failed. */
export function refuseNews(news: readonly MeasuredCell[], cause: unknown): void {
  if (news.length === 0 || !isUnsettled(cause)) return;
  throw new NewFailureError(`not as the baseline knows it, ${explainCells(news)}; ${cause.message}`, { cause });
}
