import { settle } from '../base/settle.ts';
import type { CheckContext } from '../table/check-context.ts';
import type { Agent, Sample, SamplerSpec } from '../probe/agent-types.ts';

const mostPollMs = 1_000;

/** Runs a sampler in `from` until it has taken `count` samples, stops it and returns them. */
export async function collect(ctx: CheckContext, from: Agent, spec: SamplerSpec, count: number): Promise<Sample[]> {
  const sampler = await from.sample(spec);
  ctx.defer(`stop the sampler in ${from.name}`, async () => {
    await sampler.stop();
  });
  const sample = async () => {
    const { length } = await sampler.peek();
    return length >= count ? undefined : `${length} of ${count} samples`;
  };
  const { settleMs, settlePollMs } = ctx.timeouts;
  const timeoutMs = spec.everyMs * count + settleMs;
  const pollMs = Math.min(Math.max(settlePollMs, spec.everyMs), mostPollMs);
  // Not ctx.settle: how long the sampler was asked to run is no time to settle.
  await ctx.step(`take ${count} samples`, () =>
    settle({ what: `${count} samples`, sample, consecutive: 1, timeoutMs, pollMs, signal: ctx.signal }),
  );
  return sampler.stop();
}
