import { InconclusiveError } from '../base/errors.ts';
import type { NodeExec } from './types.ts';

/**
 * Returns the path on `node` of the network namespace that has this pod address. The path outlives the pod's containers,
 * so one that is restarted is no obstacle. @throws InconclusiveError when there is none.
 */
export async function netnsOf(exec: NodeExec, node: string, podIp: string): Promise<string> {
  const match = `nsenter --net=$f ip -o addr show 2>/dev/null | grep -qF ' ${podIp}/'`;
  const found = await exec(node, [
    'sh',
    '-c',
    `for f in /var/run/netns/*; do ${match} && echo $f && exit 0; done; exit 1`,
  ]);
  if (found.code === 0) return found.stdout.trim();
  throw new InconclusiveError(`node ${node} has no network namespace with address ${podIp}`);
}
