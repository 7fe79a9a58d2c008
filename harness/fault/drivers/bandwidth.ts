import { z } from 'zod';
import type { FaultDriver } from '../driver.ts';
import { atEach } from '../pod/effects.ts';
import { onPods } from '../pod/plan.ts';
import { mostSeenRate, rateLook } from '../pod/rate.ts';
import { bucketAct, requireBuckets } from '../pod/shaping.ts';
import { Pods } from '../pod/victims.ts';

const mostKbit = Math.floor((mostSeenRate * 8) / 1_000);
const Params = z.strictObject({
  pods: Pods,
  kbit: z
    .number()
    .min(64)
    .max(mostKbit)
    .describe('kilobits a second, headers included; above the most, nobody could see it'),
  direction: z.enum(['ingress', 'egress']).default('egress'),
});
type Params = z.infer<typeof Params>;

/** Lets a pod send or receive so much only: a token bucket (tbf) on its device, 50 ms of queue before it. */
export const bandwidth: FaultDriver<Params> = {
  name: 'bandwidth',
  summary: 'lets pods send or receive so much a second only',
  targets: 'pods',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, params) {
    const { kbit, direction } = params;
    const { exec, victims, paths, names } = await onPods(target, 'bandwidth', params);
    for (const victim of victims) await requireBuckets(exec, victim, [direction]);
    const rate = (kbit * 1_000) / 8;
    return {
      title: `${names} limited to ${kbit} kbit/s (${direction})`,
      way: direction === 'egress' ? 'tbf' : 'tbf behind ifb',
      acts: (id) => victims.map((victim) => bucketAct(id, victim, direction, rate)),
      ...(paths && { effect: atEach(paths, rateLook(exec, rate)) }),
    };
  },
};
