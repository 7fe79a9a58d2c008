import type { CaseContext } from '../case/types.ts';
import { apply } from './build.ts';
import { withCanary } from './canary.ts';
import { grid } from './grid-fixture.ts';
import { applyStep } from './apply-step.ts';
import { GridState } from './state.ts';
import type { PolicyTemplate } from './types.ts';
import { forgetSettled } from './watch.ts';

/**
 * Runs `work` on a grid once these policies are in force, for a case that asks other things than a table: a canary tells,
 * or what such a case finds open would be open before anybody has read them. None can where they admit all, both ways.
 */
export async function underPolicies(
  ctx: CaseContext,
  policies: readonly PolicyTemplate[],
  work: (state: GridState) => Promise<void>,
): Promise<void> {
  const state = new GridState(await ctx.use(grid));
  forgetSettled(state.grid);
  await ctx.step('policies applied', () => applyStep(ctx, state, policies.map(apply)));
  const canary = { timeoutMs: ctx.timeouts.policyConnectMs, stays: true };
  await withCanary(ctx, state, canary, async (raise) => {
    await raise();
    await work(state);
  });
}
