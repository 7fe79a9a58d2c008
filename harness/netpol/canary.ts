import type { CaseContext } from '../case/types.ts';
import { settle } from '../base/settle.ts';
import { applyAction } from './apply-action.ts';
import { type Canaries, canariesOf } from './canary-kinds.ts';
import { explainCells } from './render.ts';
import type { GridState } from './state.ts';
import { disagreements, type PolicyTable } from './table.ts';

/** Has the canary in force; returns how many milliseconds that took, or undefined where no canary can sit. */
export type Raise = () => Promise<number | undefined>;

interface CanaryOptions {
  /** How long a probe waits for its answer. */
  readonly timeoutMs: number;
  /** It is left for the next holder of the grid to delete with the other policies: no step comes after this. */
  readonly stays?: boolean;
}

/** What does not answer for this part of a probe's time counts as closed before the canary; whole tables judge. */
const closedPart = 0.5;

/**
 * Runs `work` while one more policy holds. A step that should change nothing would agree before the cluster has even
 * read it; where the canary is in force, so is what came before it. `work` calls `raise` to have it so: that waits until
 * the cluster does as the oracle says without the canary, applies it, and returns after how many milliseconds it was in
 * force, undefined where none can be. Seen both ways, it cannot be what an earlier case left.
 */
export async function withCanary(
  ctx: CaseContext,
  state: GridState,
  { timeoutMs, stays = false }: CanaryOptions,
  work: (raise: Raise) => Promise<void>,
): Promise<void> {
  const { history } = state.grid;
  const turn = history.canaries;
  history.canaries += 1;
  const canaries = canariesOf(state, turn);
  await work(() => raise(ctx, state, canaries, timeoutMs));
  if (stays) return;
  const down = ({ namespace, name }: Canaries['policies'][number]) =>
    applyAction(ctx, state, { do: 'delete-policy', namespace, name });
  await Promise.all(canaries.policies.map(down));
}

async function raise(ctx: CaseContext, state: GridState, canaries: Canaries, timeoutMs: number): ReturnType<Raise> {
  if (canaries.policies.length === 0) return undefined;
  const until = (table: PolicyTable, what: string, probeMs: number) =>
    ctx.step(what, () => untilAsExpected(ctx, () => table.measure(probeMs, canaries.cells), what));
  await until(canaries.without, 'as it was before the canary', Math.ceil(timeoutMs * closedPart));
  const from = performance.now();
  await Promise.all(canaries.policies.map((policy) => applyAction(ctx, state, { do: 'apply', policy })));
  await until(canaries.with, 'canary in force', timeoutMs);
  return performance.now() - from;
}

/** One look is enough: it is a whole table that is judged after it. */
async function untilAsExpected(ctx: CaseContext, look: () => ReturnType<PolicyTable['measure']>, what: string) {
  const { policySettleMs: timeoutMs, settlePollMs: pollMs, settleMostPollMs: mostPollMs } = ctx.timeouts;
  const sample = async () => {
    const wrong = disagreements(await look());
    return wrong.length === 0 ? undefined : explainCells(wrong);
  };
  return settle({ what, sample, consecutive: 1, timeoutMs, pollMs, mostPollMs, signal: ctx.signal });
}
