import { OrdealError } from '../base/errors.ts';
import type { FaultTarget } from './driver.ts';
import type { NodeAct } from './types.ts';

const adminConfig = '/etc/kubernetes/admin.conf';

/**
 * Returns a change through the API as an act on a control plane node, by the kubectl that is there. So it has what no
 * request of the harness has: its undo and its timer are on the node, and outlive us. `apply`, `undo` and `isApplied` are
 * shell lines in which `kubectl` is that command.
 * @throws OrdealError FAULT where there is no control plane node that can be entered.
 */
export async function kubectlAct(
  { nodeExec, info }: FaultTarget,
  { apply, undo, isApplied }: Pick<NodeAct, 'apply' | 'undo' | 'isApplied'>,
): Promise<NodeAct> {
  const node = info.nodes.find(({ role }) => role === 'control-plane')?.name;
  const ready = ['sh', '-c', `command -v kubectl && test -r ${adminConfig}`];
  if (node === undefined || nodeExec === undefined || (await nodeExec(node, ready)).code !== 0) {
    throw new OrdealError('FAULT', 'no control plane node with kubectl can be entered, which would undo it in time');
  }
  const withConfig = (lines: string) => `export KUBECONFIG=${adminConfig}; ${lines}`;
  return { site: { node }, apply: withConfig(apply), undo: withConfig(undo), isApplied: withConfig(isApplied) };
}
