import { z } from 'zod';
import { OrdealError } from '../../base/errors.ts';
import type { NodeExec } from '../../node/types.ts';
import { runOnNode } from '../../node/run.ts';
import type { FaultDriver } from '../driver.ts';
import { atEach } from '../pod/effects.ts';
import { filterFields } from '../pod/filter.ts';
import { namesOf } from '../pod/plan.ts';
import { findVictims, nodeAccess, Pods, type Victim } from '../pod/victims.ts';

const { peers, ports } = filterFields;
const Params = z.strictObject({ pods: Pods, peers, ports });
type Params = z.infer<typeof Params>;

/**
 * Resets the TCP connections that pods have now (`ss -K`): both ends see an error, and are free to connect anew. Nothing is
 * to be undone. Connections to the own loopback are left alone.
 */
export const reset: FaultDriver<Params> = {
  name: 'reset',
  summary: 'resets the TCP connections that pods have now',
  targets: 'pods',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, params) {
    const exec = nodeAccess(target, 'reset');
    const victims = await findVictims(target, 'reset', params.pods);
    const filter = socketFilter(params);
    const before = new Map<Victim, ReadonlySet<string>>();
    for (const victim of victims) before.set(victim, await connections(exec, victim, filter));
    const idle = victims.find((victim) => before.get(victim)?.size === 0);
    if (idle !== undefined) {
      throw new OrdealError('FAULT', `pod ${idle.namespace}/${idle.name} has no TCP connection that could be reset`);
    }
    return {
      title: `live TCP connections of ${namesOf(victims)} reset`,
      way: 'ss -K',
      lasting: true,
      acts: () =>
        victims.map(({ node, netns }) => ({
          site: { node },
          apply: `nsenter --net=${netns} ss -K -Htn state established '${filter}'`,
          undo: 'true',
          isApplied: 'true',
        })),
      effect: atEach(victims, async (victim) => {
        const now = await connections(exec, victim, filter);
        const then = [...(before.get(victim) ?? [])];
        const left = then.filter((one) => now.has(one)).length;
        const seen = `of ${then.length} connections of ${victim.namespace}/${victim.name} ${left} are left`;
        return { present: left === 0, seen };
      }),
    };
  },
};

/** As ss writes filters; see ss(8). */
function socketFilter({ peers, ports }: Params): string {
  const either = (parts: readonly string[]) => `( ${parts.join(' or ')} )`;
  return [
    'not dst 127.0.0.0/8',
    ...(ports === undefined ? [] : [either(ports.flatMap((port) => [`sport = :${port}`, `dport = :${port}`]))]),
    ...(peers === undefined ? [] : [either(peers.map((peer) => `dst ${peer}`))]),
  ].join(' and ');
}

/** Returns the two ends of each connection of a pod. */
async function connections(exec: NodeExec, { node, netns }: Victim, filter: string): Promise<ReadonlySet<string>> {
  const list = ['nsenter', `--net=${netns}`, 'ss', '-Htn', 'state', 'established', filter];
  const lines = (await runOnNode(exec, node, 'list connections', list)).split('\n');
  return new Set(lines.flatMap((line) => /(\S+)\s+(\S+)\s*$/.exec(line)?.slice(1, 3).join(' ') ?? []));
}
