import { InconclusiveError } from '../base/errors.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { LatencyHistogram } from '../measure/histogram.ts';
import type { FleetAgent } from '../probe/client.ts';
import type { Probe } from '../probe/types.ts';
import type { Profile } from './profile.ts';
import type { VisitContext } from './visit-context.ts';

/**
 * Returns the latencies of attempts at a fixed rate, each from when it was due; those within the warm-up are left out. An
 * attempt that failed counts as long as it took: leaving it out would make a network better by losing packets.
 * @throws InconclusiveError where nothing was answered.
 */
export async function openLoop(
  from: FleetAgent,
  schedule: { readonly probe: Probe; readonly everyMs: number; readonly reuse: boolean },
  { warmUpMs, latencyMs }: Profile,
  ctx: VisitContext,
): Promise<LatencyHistogram> {
  const sampler = await from.sample(schedule);
  await pause(warmUpMs + latencyMs, undefined, { signal: ctx.signal });
  const samples = (await sampler.stop()).filter(({ atMs }) => atMs >= warmUpMs);
  if (!samples.some(({ verdict }) => verdict === 'open')) {
    throw new InconclusiveError(`none of ${samples.length} attempts from ${from.name} was answered`);
  }
  const histogram = new LatencyHistogram();
  const waitedUs = schedule.probe.timeoutMs * 1000;
  for (const { latencyUs, verdict } of samples) {
    histogram.record(verdict === 'open' ? latencyUs : Math.max(latencyUs, waitedUs));
  }
  return histogram;
}
