import { z } from 'zod';
import { OrdealError } from '../../base/errors.ts';
import type { FaultDriver } from '../driver.ts';
import type { FaultPlan } from '../types.ts';
import { atEach, shareLook } from '../pod/effects.ts';
import { describeFilter, filterFields } from '../pod/filter.ts';
import { rejectPackets } from '../pod/nft.ts';
import { opensConnection } from '../pod/pod-table.ts';
import { pathFrom, pathTo } from '../pod/path.ts';
import { onPods } from '../pod/plan.ts';
import { Pods } from '../pod/victims.ts';

const { peers, ports } = filterFields;
const Params = z.strictObject({
  pods: Pods,
  direction: z.enum(['ingress', 'egress']).default('ingress').describe('connections to the pod, or from it'),
  answer: z
    .enum(['tcp-reset', 'port-unreachable', 'admin-prohibited'])
    .default('tcp-reset')
    .describe('what who connects is told: a reset, or one of two kinds of ICMP'),
  ...{ peers, ports },
});
type Params = z.infer<typeof Params>;

const answers: Record<Params['answer'], string> = {
  'tcp-reset': 'reject with tcp reset',
  'port-unreachable': 'reject with icmpx port-unreachable',
  'admin-prohibited': 'reject with icmpx admin-prohibited',
};

/**
 * Refuses TCP connections to or from pods at once, as a closed port or a firewall does. Those that are open go on; the
 * fault `reset` breaks them.
 */
export const reject: FaultDriver<Params> = {
  name: 'reject',
  summary: 'refuses TCP connections to or from pods',
  targets: 'pods',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, params): Promise<FaultPlan> {
    const filter = { ...params, protocol: 'tcp' as const };
    const { exec, victims, names } = await onPods(target, 'reject', filter);
    const closed = victims.find(({ ports }) => !ports.some(({ protocol }) => protocol === 'TCP'));
    if (params.direction === 'ingress' && params.ports === undefined && closed !== undefined) {
      const said = `pod ${closed.namespace}/${closed.name} declares no TCP port that could be seen refused; name one`;
      throw new OrdealError('USAGE', `parameters of the fault reject: ports: ${said}`);
    }
    const verdict = answers[params.answer];
    const rejected = await rejectPackets(exec, victims, { filter, verdict, only: opensConnection });
    const seenBy = params.direction === 'ingress' ? pathTo : pathFrom;
    const found = await Promise.all(victims.map((victim) => seenBy(target, exec, victim, filter)));
    const paths = found.flatMap((path) => path ?? []);
    const asked = { metric: 'refused', share: 1, passes: 1, spec: { count: 20, everyUs: 5_000 } } as const;
    const look = shareLook(exec, { ...asked, hit: ({ refused, unreachable }) => refused + unreachable });
    return {
      title: `TCP ${params.direction === 'ingress' ? 'to' : 'from'} ${names} rejected (${params.answer})${describeFilter(filter)}`,
      ...rejected,
      ...(paths.length === victims.length && { effect: atEach(paths, look) }),
    };
  },
};
