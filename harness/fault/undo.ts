import { describeError, OrdealError } from '../base/errors.ts';
import type { NodeExec } from '../node/types.ts';
import { actName, undoOnNode } from './on-node.ts';
import type { NodeAct, Placed, RevertedBy } from './types.ts';

/**
 * Undoes acts in the reverse of the order in which they were applied; each is tried whatever became of the others, so
 * that one broken node does not keep the rest broken. Returns who had undone them, `deadline` when it was for any.
 * @throws OrdealError FAULT naming each that could not be undone.
 */
export async function undoActs(
  exec: NodeExec,
  faultId: string,
  acts: readonly Pick<Placed<NodeAct>, 'index' | 'site'>[],
): Promise<RevertedBy> {
  const by: RevertedBy[] = [];
  const failures: unknown[] = [];
  for (const { index, site } of acts.toSorted((one, other) => other.index - one.index)) {
    await undoOnNode(exec, site.node, actName(faultId, index)).then(
      (who) => by.push(who),
      (error: unknown) => failures.push(error),
    );
  }
  if (failures.length > 0) throw notUndone(failures);
  return by.find((who) => who === 'deadline') ?? by.find((who) => who === 'harness') ?? 'nobody';
}

function notUndone(failures: readonly unknown[]): OrdealError {
  const said = failures.map((failure) => describeError(failure)).join('; ');
  return new OrdealError('FAULT', said, { cause: failures[0] });
}
