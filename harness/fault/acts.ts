import type { Act, FaultPlan, NodeAct, Placed } from './types.ts';

/** Returns the acts of one injection in the order in which they are applied. */
export function actsOf(plan: FaultPlan, faultId: string): Placed<Act>[] {
  return plan.acts(faultId).map((act, index) => ({ ...act, index }));
}

/** Whether the act is done on a node, and so has an undo and a deadline there. */
export function isOnNode(act: Placed<Act>): act is Placed<NodeAct> {
  return act.site !== 'api';
}
