import { z } from 'zod';
import type { FaultDriver } from '../driver.ts';
import { atEach, shareLook } from '../pod/effects.ts';
import { describeFilter, filterFields, portsFit, passesOf } from '../pod/filter.ts';
import { unlessTcp } from '../pod/path.ts';
import { netemOrQueue, onPods, Percent } from '../pod/plan.ts';
import { Pods } from '../pod/victims.ts';

const Params = z.strictObject({ pods: Pods, percent: Percent, ...filterFields }).refine(portsFit.check, portsFit.said);
type Params = z.infer<typeof Params>;

/**
 * Flips a bit in a share of a pod's packets, behind their transport header: by netem, or by a program on a queue. Sums are
 * computed before, so the receiver notices and drops the packet; what has no payload passes.
 */
export const corrupt: FaultDriver<Params> = {
  name: 'corrupt',
  summary: 'flips a bit in a share of the packets of pods',
  targets: 'pods',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, params) {
    const { percent } = params;
    const scene = await onPods(target, 'corrupt', params);
    const words = { netem: `corrupt ${percent}%`, queue: [`corrupt=${percent / 100}`] };
    const seen = unlessTcp(scene.paths);
    const asked = { metric: 'corruption', share: percent / 100, passes: passesOf(params) } as const;
    const look = shareLook(scene.exec, { ...asked, hit: ({ sent, received }) => sent - received });
    return {
      title: `${percent} % corrupted at ${scene.names}${describeFilter(params)}`,
      ...netemOrQueue(scene, params, words),
      ...(seen && { effect: atEach(seen, look) }),
    };
  },
};
