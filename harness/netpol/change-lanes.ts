import type { CaseContext } from '../case/types.ts';
import type { Agent, Sample, Sampler } from '../probe/types.ts';
import { closingMs, openingMs, unsteady } from './change-times.ts';

const everyMs = 20;
const clockReadings = 5;

/** Open-loop traffic from one pod to another, on whose clock changes to policies are timed. */
export interface Lane {
  readonly from: Agent;
  readonly to: Agent;
  readonly sampler: Sampler;
  /** What `performance.now()` showed here when the sampler's clock stood at 0. */
  readonly zero: number;
}

/** Starts a new connection every 20 ms from each to each; the path must be open. */
export async function startLanes(ctx: CaseContext, pairs: readonly [Agent, Agent][], port: number): Promise<Lane[]> {
  return Promise.all(
    pairs.map(async ([from, to]) => {
      const { policyConnectMs: timeoutMs } = ctx.timeouts;
      const probe = { kind: 'tcp', connectOnly: true, host: to.ip, port, timeoutMs } as const;
      const sampler = await from.sample({ probe, everyMs, reuse: false });
      ctx.defer(`stop the sampler in ${from.name}`, async () => {
        await sampler.stop();
      });
      await ctx.settle(`${from.name} reaches ${to.name}`, async () => unsteady(await sampler.peek(), 0, true));
      return { from, to, sampler, zero: await clockZero(sampler) };
    }),
  );
}

/**
 * A sample that a reading brings was taken before the reading ended, so each reading says how late the clock can have
 * started at most; the least of a few is right to one period and half a round trip.
 */
async function clockZero(sampler: Sampler): Promise<number> {
  let zero = Infinity;
  for (let reading = 0; reading < clockReadings; reading++) {
    const samples = await sampler.peek();
    zero = Math.min(zero, performance.now() - (samples.at(-1)?.atMs ?? 0));
  }
  return zero;
}

/** What a change does to some of the lanes. */
export interface Effect {
  readonly what: string;
  readonly becomes: 'open' | 'closed';
  readonly lanes: readonly Lane[];
}

/**
 * Makes a change and waits until every lane has become `open` or closed for good; records, per lane, the time from the
 * API server's answer to the last packet through, or to the first.
 */
export async function timeChange(
  ctx: CaseContext,
  effects: readonly Effect[],
  change: () => Promise<unknown>,
): Promise<void> {
  await change();
  const changedAt = performance.now();
  const since = (lane: Lane) => changedAt - lane.zero;
  const touched = effects.flatMap(({ lanes, ...effect }) => lanes.map((lane) => ({ ...effect, lane })));
  const sample = async () => {
    const views = await Promise.all(
      touched.map(async ({ lane, becomes }) => unsteady(await lane.sampler.peek(), since(lane), becomes === 'open')),
    );
    return views.find((view) => view !== undefined);
  };
  const title = effects.map(({ what, becomes }) => `${what}: ${becomes}`).join(', ');
  await ctx.settle(title, sample, { timeoutMs: ctx.timeouts.policySettleMs });
  for (const { what, lane, becomes } of touched) {
    record(ctx, what, lane, elapsed(await lane.sampler.peek(), since(lane), becomes === 'open'));
  }
}

function elapsed(samples: readonly Sample[], sinceMs: number, open: boolean): number {
  return open ? (openingMs(samples, sinceMs) ?? 0) : closingMs(samples, sinceMs);
}

function record(ctx: CaseContext, what: string, { from, to }: Lane, ms: number): void {
  const path = from.node === to.node ? 'same node' : 'other node';
  ctx.measure('policy_change', ms, 'ms', { what: `${what}, ${path}`, from: from.node, to: to.node });
}
