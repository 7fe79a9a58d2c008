import { z } from 'zod';
import type { FaultDriver } from '../driver.ts';
import { atEach, delayEchoes, delayLook, echoesOver } from '../pod/effects.ts';
import { describeFilter, filterFields, portsFit, waysOf } from '../pod/filter.ts';
import { netemOrQueue, onPods } from '../pod/plan.ts';
import { Pods } from '../pod/victims.ts';

const mostMs = 30_000;
const Params = z
  .strictObject({
    pods: Pods,
    ms: z.number().positive().max(mostMs).describe('each way that the direction names'),
    jitterMs: z.number().nonnegative().max(mostMs).default(0).describe('spread evenly around it; reorders packets'),
    ...filterFields,
  })
  .refine(portsFit.check, portsFit.said)
  .refine(({ ms, jitterMs }) => jitterMs <= ms, {
    path: ['jitterMs'],
    message: 'cannot exceed ms: no packet comes early',
  });
type Params = z.infer<typeof Params>;

/** Holds a pod's packets for a while: by netem, or by a program on a queue, which holds many side by side. */
export const delay: FaultDriver<Params> = {
  name: 'delay',
  summary: 'holds the packets of pods for a while, with jitter',
  targets: 'pods',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, params) {
    const { ms, jitterMs } = params;
    const scene = await onPods(target, 'delay', params);
    const ways = waysOf(params).length;
    const timeoutMs = 400 + ways * (ms + jitterMs);
    const jitter = jitterMs > 0 ? ` +- ${jitterMs} ms` : '';
    const title = `${ms} ms${jitter} delay at ${scene.names}${describeFilter(params)}`;
    const words = {
      netem: `delay ${ms}ms${jitterMs > 0 ? ` ${jitterMs}ms` : ''}`,
      queue: [`delay=${ms}`, ...(jitterMs > 0 ? [`jitter=${jitterMs}`] : [])],
    };
    const acts = netemOrQueue(scene, params, words);
    if (scene.paths === undefined) return { title, ...acts };
    const looked = scene.paths.map(async (path) => [path, await echoesOver(scene.exec, path, delayEchoes)] as const);
    const before = new Map(await Promise.all(looked));
    return { title, ...acts, effect: atEach(scene.paths, delayLook(scene.exec, before, { ms: ms * ways, timeoutMs })) };
  },
};
