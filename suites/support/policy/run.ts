import { defineCase, feature } from '../../../harness/case/define-case.ts';
import { InconclusiveError } from '../../../harness/case/errors.ts';
import type { CaseContext, CaseDefinition } from '../../../harness/case/types.ts';
import { act } from './act.ts';
import { explainCells, tableText } from './render.ts';
import { GridState } from './state.ts';
import { disagreements, measureTable, type MeasuredCell } from './table.ts';
import type { PolicyCase, PolicyStep } from './types.ts';

/** Makes a runnable case of the data: leases a grid, performs each step, settles on the oracle's table. */
export function policyCase(data: PolicyCase): CaseDefinition {
  const { id, title, tags, tier, source } = data;
  return defineCase({
    id,
    title,
    tags: [...new Set(tags)],
    area: 'networkpolicy',
    world: 'grid',
    needs: [feature('NetworkPolicy'), ...(data.needs ?? []).map((name) => feature(name))],
    ...(tier === undefined ? {} : { tier }),
    source: source ?? 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    run: async (ctx) => {
      const state = new GridState(await ctx.grid());
      for (const step of data.steps) await runStep(ctx, state, step);
    },
  });
}

async function runStep(ctx: CaseContext, state: GridState, step: PolicyStep): Promise<void> {
  await ctx.step(step.title, async () => {
    for (const action of step.actions) await act(ctx, state, action);
  });
  let last: MeasuredCell[] = [];
  try {
    await ctx.settle(`table after "${step.title}"`, async () => {
      last = await measureTable(state, ctx.timeouts.policyConnectMs);
      const wrong = disagreements(last);
      return wrong.length === 0 ? undefined : explainCells(wrong);
    });
  } catch (error) {
    refuseBrokenProbes(last, error);
    throw error;
  } finally {
    attachTables(ctx, step, state, last);
  }
}

/** Where nothing but broken probes stands against the oracle, the tool failed and not the network. */
function refuseBrokenProbes(cells: readonly MeasuredCell[], cause: unknown): void {
  const wrong = disagreements(cells);
  if (wrong.length === 0 || wrong.some((cell) => cell.measured.verdict !== 'inconclusive')) return;
  throw new InconclusiveError(explainCells(wrong), { cause });
}

function attachTables(ctx: CaseContext, step: PolicyStep, state: GridState, cells: readonly MeasuredCell[]): void {
  const policies = JSON.stringify([...state.policies.values()], undefined, 2);
  ctx.attach(`policies after "${step.title}"`, policies, 'application/json');
  if (cells.length === 0) return;
  const views = (['expected', 'measured', 'diff'] as const).map((view) => tableText(cells, view));
  ctx.attach(`tables after "${step.title}"`, views.join('\n\n'));
}
