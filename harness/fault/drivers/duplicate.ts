import { z } from 'zod';
import type { FaultDriver } from '../driver.ts';
import { atEach, shareLook } from '../pod/effects.ts';
import { describeFilter, filterFields, portsFit } from '../pod/filter.ts';
import { unlessTcp } from '../pod/path.ts';
import { netemOrQueue, onPods, Percent } from '../pod/plan.ts';
import { sentAgainMark } from '../pod/queue.ts';
import { Pods } from '../pod/victims.ts';

const { peers, ports, protocol } = filterFields;
const Params = z
  .strictObject({
    pods: Pods,
    percent: Percent,
    direction: z.literal('egress').default('egress').describe('what arrives cannot be sent again to its own pod'),
    ...{ peers, ports, protocol },
  })
  .refine(portsFit.check, portsFit.said);
type Params = z.infer<typeof Params>;

/**
 * Sends a share of what leaves a pod twice (IPv4): by netem, or by a program on a queue. Connections of TCP take no notice
 * but that each copy is acknowledged again.
 */
export const duplicate: FaultDriver<Params> = {
  name: 'duplicate',
  summary: 'sends a share of what leaves pods twice',
  targets: 'pods',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, params) {
    const { percent } = params;
    const scene = await onPods(target, 'duplicate', params);
    const words = { netem: `duplicate ${percent}%`, queue: [`duplicate=${percent / 100}`, `mark=${sentAgainMark}`] };
    const seen = unlessTcp(scene.paths);
    const asked = { metric: 'duplication', share: percent / 100, passes: 1 } as const;
    const look = shareLook(scene.exec, { ...asked, hit: ({ duplicates }) => duplicates });
    return {
      title: `${percent} % sent twice by ${scene.names}${describeFilter(params)}`,
      ...netemOrQueue(scene, params, words),
      ...(seen && { effect: atEach(seen, look) }),
    };
  },
};
