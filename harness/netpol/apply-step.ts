import type { CaseContext } from '../case/types.ts';
import { applyAction } from './apply-action.ts';
import type { GridState } from './state.ts';
import type { Action } from './types.ts';

/**
 * Performs the changes of a step. Policies of the grid's last holder go once those of this case are there: a pod that
 * stays isolated in between needs no new BPF programs, whose verification is what Cilium spends most of its time on.
 * They go first where the step does more than apply policies, and would be judged by theirs. Several are applied at once:
 * what a CNI reads together it puts in force together.
 */
export async function applyStep(ctx: CaseContext, state: GridState, actions: readonly Action[]): Promise<void> {
  const replacing = actions.every(({ do: what }) => what === 'apply');
  if (!replacing) await state.grid.deletePolicies();
  if (replacing) await Promise.all(actions.map((action) => applyAction(ctx, state, action)));
  else for (const action of actions) await applyAction(ctx, state, action);
  const own = [...state.policies.values()].map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  await state.grid.deletePolicies(new Set(own));
}
