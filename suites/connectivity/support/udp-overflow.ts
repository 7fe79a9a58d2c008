import { isIPv6 } from 'node:net';
import { InconclusiveError } from '../../../harness/base/errors.ts';
import type { CaseContext } from '../../../harness/case/types.ts';
import type { Agent } from '../../../harness/probe/agent-types.ts';

/**
 * Returns how many datagrams the kernel has dropped in the pod's own network namespace since its start because a socket
 * did not take them in time: they had arrived. @throws InconclusiveError where the kernel does not say.
 */
export async function receiveOverflows(ctx: CaseContext, agent: Agent): Promise<number> {
  const { stdout } = await ctx.kube.exec(agent, ['cat', isIPv6(agent.ip) ? '/proc/net/snmp6' : '/proc/net/snmp']);
  const count = overflowsIn(stdout);
  if (count !== undefined) return count;
  throw new InconclusiveError(`the kernel of ${agent.node} does not say how many datagrams its sockets dropped`);
}

/** Reads RcvbufErrors of UDP from `/proc/net/snmp` (a line of names, a line of values) or `snmp6` (a line a counter). */
export function overflowsIn(text: string): number | undefined {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const six = lines.find(([name]) => name === 'Udp6RcvbufErrors')?.[1];
  const [names, values] = lines.filter(([name]) => name === 'Udp:');
  const at = names?.indexOf('RcvbufErrors') ?? -1;
  const count = Number(six ?? (at < 0 ? undefined : values?.[at]));
  return Number.isFinite(count) ? count : undefined;
}
