import type { CaseContext } from '../case/types.ts';
import type { Agent, Probe, Sample, Sampler } from '../probe/types.ts';
import type { ChangeTry } from './change-budget.ts';
import { closingMs, openingMs, unsteady } from './change-times.ts';

const everyMs = 20;
const clockReadings = 5;

/** One pod that tries another. */
export interface LaneSpec {
  readonly from: Agent;
  readonly to: Agent;
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
}

/** Open-loop traffic from one pod to another, on whose clock changes to policies are timed. */
export interface Lane extends LaneSpec {
  readonly sampler: Sampler;
  /** What `performance.now()` showed here when the sampler's clock stood at 0. */
  readonly zero: number;
}

/** Starts a new connection, or a datagram of a new socket, every 20 ms on each lane; the path must be open. */
export async function startLanes(ctx: CaseContext, specs: readonly LaneSpec[]): Promise<Lane[]> {
  return Promise.all(
    specs.map(async (spec) => {
      const { from, to } = spec;
      const sampler = await from.sample({ probe: probeOf(spec, ctx.timeouts.policyConnectMs), everyMs, reuse: false });
      ctx.defer(`stop the sampler in ${from.name}`, async () => {
        await sampler.stop();
      });
      await ctx.settle(`${from.name} reaches ${to.name}`, async () => unsteady(await sampler.peek(), 0, true));
      return { ...spec, sampler, zero: await clockZero(sampler) };
    }),
  );
}

function probeOf({ to, port, transport }: LaneSpec, timeoutMs: number): Probe {
  const reach = { host: to.ip, port, timeoutMs };
  return transport === 'tcp' ? { kind: 'tcp', connectOnly: true, ...reach } : { kind: 'udp', ...reach };
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
 * API server's answer to the last packet through, or to the first. Returns that of the lane that obeyed last.
 */
export async function timeChange(
  ctx: CaseContext,
  effects: readonly Effect[],
  change: () => Promise<unknown>,
): Promise<ChangeTry> {
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
  const tries = touched.map(async ({ what, lane, becomes }) => {
    const ms = elapsed(await lane.sampler.peek(), since(lane), becomes === 'open');
    record(ctx, what, lane, ms);
    return { ms, path: describeLane(lane) };
  });
  return (await Promise.all(tries)).reduce((last, one) => (one.ms > last.ms ? one : last), { ms: 0, path: 'no path' });
}

function elapsed(samples: readonly Sample[], sinceMs: number, open: boolean): number {
  return open ? (openingMs(samples, sinceMs) ?? 0) : closingMs(samples, sinceMs);
}

function record(ctx: CaseContext, what: string, { from, to, transport }: Lane, ms: number): void {
  const path = from.node === to.node ? 'same node' : 'other node';
  ctx.measure('policy_change', ms, 'ms', { what: `${what}, ${path}`, from: from.node, to: to.node, transport });
}

function describeLane({ from, to, transport }: Lane): string {
  const end = ({ namespace, name, node }: Agent) => `${namespace}/${name} on ${node}`;
  return `${end(from)} -> ${end(to)} over ${transport}`;
}
