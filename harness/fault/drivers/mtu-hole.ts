import { z } from 'zod';
import { InconclusiveError, OrdealError } from '../../base/errors.ts';
import type { NodeExec } from '../../node/types.ts';
import type { FaultDriver } from '../driver.ts';
import { atEach, echoesOver } from '../pod/effects.ts';
import { describeFilter, filterFields, portsFit } from '../pod/filter.ts';
import { losePackets } from '../pod/nft.ts';
import { type SeenPath, unlessTcp } from '../pod/path.ts';
import { onPods } from '../pod/plan.ts';
import { Pods } from '../pod/victims.ts';

const leastMtu = 128;
const Params = z
  .strictObject({
    pods: Pods,
    bytes: z.int().min(leastMtu).max(65_000).describe('the largest IP packet that passes'),
    ...filterFields,
  })
  .refine(portsFit.check, portsFit.said);
type Params = z.infer<typeof Params>;

/**
 * Loses packets above a size without a word: a black hole for path MTU discovery (RFC 2923). What leaves in one piece for
 * the device to cut (GSO) counts as one packet; a stream whose segments were small enough already is cut too.
 */
export const mtuHole: FaultDriver<Params> = {
  name: 'mtu-hole',
  summary: 'loses packets above a size without a word',
  targets: 'pods',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, params) {
    const { bytes } = params;
    const { exec, victims, paths, names } = await onPods(target, 'mtu-hole', params);
    const whole = victims.find(({ mtu }) => mtu <= bytes);
    if (whole !== undefined) {
      const said = `pod ${whole.namespace}/${whole.name} sends no packets above ${bytes} bytes: its MTU is ${whole.mtu}`;
      throw new OrdealError('USAGE', `parameters of the fault mtu-hole: ${said}`);
    }
    const lost = await losePackets(exec, victims, { filter: params, longerThan: bytes });
    const seen = unlessTcp(paths);
    return {
      title: `packets above ${bytes} bytes lost at ${names}${describeFilter(params)}`,
      ...lost,
      ...(seen && { effect: atEach(seen, holeLook(exec, bytes)) }),
    };
  },
};

/** Headers of IPv4 and ICMP or UDP. */
const headers = 28;
const tries = 10;

function holeLook(exec: NodeExec, bytes: number) {
  return async (path: SeenPath) => {
    const echoes = (size: number) => echoesOver(exec, path, { count: tries, everyUs: 5_000, bytes: size - headers });
    const [small, large] = [await echoes(leastMtu - 16), await echoes(bytes + 8)];
    const seen = `of ${tries} ${path.kind} echoes ${path.from.title} -> ${path.to} of ${leastMtu - 16} bytes ${small.received} came back, of ${bytes + 8} bytes ${large.received}`;
    if (small.received < tries / 2) throw new InconclusiveError(`small packets are lost as well: ${seen}`);
    return { present: large.received === 0, seen };
  };
}
