import { z } from 'zod';
import type { FaultDriver } from '../driver.ts';
import { atEach, shareLook } from '../pod/effects.ts';
import { describeFilter, filterFields, portsFit, passesOf } from '../pod/filter.ts';
import { onPods, Percent } from '../pod/plan.ts';
import { queueAct } from '../pod/queue.ts';
import { Pods } from '../pod/victims.ts';

const Params = z
  .strictObject({
    pods: Pods,
    percent: Percent.max(50),
    byMs: z
      .number()
      .min(1)
      .max(1_000)
      .default(20)
      .describe('how much later they come: what follows within it overtakes'),
    ...filterFields,
  })
  .refine(portsFit.check, portsFit.said);
type Params = z.infer<typeof Params>;

/**
 * Holds a share of a pod's packets back so that later ones overtake them. netem's reordering sends a share at once and
 * delays all others, which is another fault: so it is a program on a queue on every kernel.
 */
export const reorder: FaultDriver<Params> = {
  name: 'reorder',
  summary: 'holds a share of the packets of pods back, so that later ones overtake',
  targets: 'pods',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, params) {
    const { percent, byMs } = params;
    const { exec, victims, paths, names } = await onPods(target, 'reorder', params);
    const asked = { metric: 'reordering', share: percent / 100, passes: passesOf(params) } as const;
    const spec = { timeoutMs: 400 + 2 * byMs };
    const look = shareLook(exec, { ...asked, spec, hit: ({ reordered }) => reordered });
    const queued = { filter: params, words: [`reorder=${percent / 100}`, `by=${byMs}`] };
    return {
      title: `${percent} % reordered by ${byMs} ms at ${names}${describeFilter(params)}`,
      way: 'NFQUEUE program',
      acts: (id) => victims.map((victim, index) => queueAct(id, index, victim, queued)),
      ...(paths && { effect: atEach(paths, look) }),
    };
  },
};
