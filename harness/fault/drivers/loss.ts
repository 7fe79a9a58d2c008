import { z } from 'zod';
import type { FaultDriver } from '../driver.ts';
import type { FaultPlan } from '../types.ts';
import { atEach, shareLook } from '../pod/effects.ts';
import { describeFilter, filterFields, portsFit, passesOf } from '../pod/filter.ts';
import { netemAct } from '../pod/netem.ts';
import { losePackets } from '../pod/nft.ts';
import { onPods, type PodScene, Percent } from '../pod/plan.ts';
import { queueAct } from '../pod/queue.ts';
import { Pods } from '../pod/victims.ts';

const Params = z
  .strictObject({
    pods: Pods,
    percent: Percent,
    mode: z.enum(['random', 'nth', 'bursts']).default('random').describe('nth: evenly, the same in every run'),
    burst: z.number().min(1).max(1_000).default(5).describe('with bursts: how many are lost in a row, on average'),
    ...filterFields,
  })
  .refine(portsFit.check, portsFit.said)
  .refine(({ mode, percent }) => mode !== 'nth' || Number.isInteger(100 / percent), {
    path: ['percent'],
    message: 'every nth can be 100, 50, 25, 20, 10 % and so on',
  })
  .refine(({ mode, percent, burst }) => mode !== 'bursts' || percent < (100 * burst) / (burst + 1), {
    path: ['percent'],
    message: 'bursts of that length cannot lose so much: between two of them a packet passes',
  });
type Params = z.infer<typeof Params>;

/**
 * Loses a share of a pod's packets: at random, every nth, or in bursts (two states, Gilbert 1960). Random and nth are
 * rules of nftables in the pod's network namespace; bursts are drawn by a program on a queue, or by netem.
 */
export const loss: FaultDriver<Params> = {
  name: 'loss',
  summary: 'loses a share of the packets of pods: at random, every nth, or in bursts',
  targets: 'pods',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, params): Promise<FaultPlan> {
    const { percent, mode } = params;
    const scene = await onPods(target, 'loss', params);
    const title = `${percent} % loss${mode === 'random' ? '' : ` (${mode})`} at ${scene.names}${describeFilter(params)}`;
    const asked = { metric: 'loss', share: percent / 100, passes: passesOf(params) } as const;
    const look = shareLook(scene.exec, { ...asked, hit: ({ sent, received }) => sent - received });
    const effect = scene.paths && { effect: atEach(scene.paths, look) };
    return { title, ...(mode === 'bursts' ? inBursts(scene, params) : await byRules(scene, params)), ...effect };
  },
};

function byRules({ exec, victims }: PodScene, params: Params) {
  const { percent, mode } = params;
  const dice =
    mode === 'nth'
      ? `numgen inc mod ${Math.round(100 / percent)} == 0`
      : `numgen random mod 100000 < ${Math.round(percent * 1_000)}`;
  return losePackets(exec, victims, { filter: params, only: percent === 100 ? '' : dice });
}

function inBursts({ victims, netem }: PodScene, { percent, burst, ...filter }: Params) {
  const share = percent / 100;
  // Probabilities of leaving the good state and the bad one.
  const [into, outOf] = [share / (burst * (1 - share)), 1 / burst];
  const words = `loss gemodel ${(into * 100).toFixed(4)}% ${(outOf * 100).toFixed(4)}%`;
  if (netem) return { way: 'netem', acts: (id: string) => victims.map((victim) => netemAct(id, victim, words)) };
  const queued = { filter, words: [`drop=${share}`, `burst=${burst}`] };
  return {
    way: 'NFQUEUE program',
    acts: (id: string) => victims.map((victim, index) => queueAct(id, index, victim, queued)),
  };
}
