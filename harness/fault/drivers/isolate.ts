import { z } from 'zod';
import type { NodeExec } from '../../node/types.ts';
import type { FaultDriver, FaultTarget } from '../driver.ts';
import { atEach, shareLook } from '../pod/effects.ts';
import { describeFilter, filterFields, portsFit } from '../pod/filter.ts';
import { losePackets } from '../pod/nft.ts';
import { opensConnection } from '../pod/pod-table.ts';
import { pathFrom, pathTo } from '../pod/path.ts';
import { onPods } from '../pod/plan.ts';
import { Pods, type Victim } from '../pod/victims.ts';

const Params = z
  .strictObject({
    pods: Pods,
    connections: z
      .enum(['all', 'new'])
      .default('all')
      .describe('new: only what opens a TCP connection is lost; those that are open go on'),
    ...filterFields,
  })
  .refine(portsFit.check, portsFit.said)
  .refine(({ connections, protocol }) => connections === 'all' || protocol === undefined || protocol === 'tcp', {
    path: ['protocol'],
    message: 'only TCP has connections',
  });
type Params = z.infer<typeof Params>;

/** Cuts pods off: from everybody, from some peers, ports or protocols, one way or both, all packets or new connections. */
export const isolate: FaultDriver<Params> = {
  name: 'isolate',
  summary: 'cuts pods off: from all, or by peer, port, protocol, direction, for new connections only',
  targets: 'pods',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, params) {
    const fresh = params.connections === 'new';
    const filter = fresh ? { ...params, protocol: 'tcp' as const } : params;
    const { exec, victims, names } = await onPods(target, 'isolate', filter);
    const only = fresh ? opensConnection : '';
    const lost = await losePackets(exec, victims, { filter, only });
    const found = await Promise.all(victims.map((victim) => seenBy(target, exec, victim, { ...filter, fresh })));
    const paths = found.flatMap((path) => path ?? []);
    const asked = { metric: 'loss', share: 1, passes: 1, spec: { count: 20, everyUs: 5_000 } } as const;
    const look = shareLook(exec, { ...asked, hit: ({ sent, received }) => sent - received });
    return {
      title: `${names} cut off${fresh ? ' for new connections' : ''}${describeFilter(filter)}`,
      ...lost,
      ...(paths.length === victims.length && { effect: atEach(paths, look) }),
    };
  },
};

/** Who opens a connection sees it lost; of all others, both ends do. */
function seenBy(target: FaultTarget, exec: NodeExec, victim: Victim, filter: Params & { readonly fresh: boolean }) {
  const outwards = filter.fresh && filter.direction === 'egress';
  return outwards ? pathFrom(target, exec, victim, filter) : pathTo(target, exec, victim, filter);
}
