import { OrdealError } from '../base/errors.ts';
import type { NodeExec } from './types.ts';

/** Runs a command on a node; returns its standard output. @throws OrdealError FAULT with what the node said. */
export async function runOnNode(
  exec: NodeExec,
  node: string,
  what: string,
  argv: readonly string[],
  stdin?: string,
): Promise<string> {
  const result = await exec(node, argv, stdin === undefined ? {} : { stdin });
  if (result.code === 0) return result.stdout;
  const said = (result.stderr || result.stdout).trim().slice(0, 500);
  throw new OrdealError('FAULT', `could not ${what} on node ${node}: exit ${result.code}: ${said}`, {
    remedy: 'Nothing stays behind: the node reverts by itself; `ordeal clean` sweeps at once.',
  });
}
