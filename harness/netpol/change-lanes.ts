import type { Agent } from '../probe/agent-types.ts';
import type { CaseContext } from '../case/types.ts';
import { unsteady } from '../disruption/change-times.ts';
import { startLane, type TimedLane, timeTurns } from '../disruption/timed-lane.ts';
import type { ChangeTry } from './change-budget.ts';
import { freshProbe } from './fresh-probe.ts';

const everyMs = 20;

/** One pod that tries another. */
export interface LaneSpec {
  readonly from: Agent;
  readonly to: Agent;
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
}

/** Open-loop traffic from one pod to another, on whose clock changes to policies are timed. */
export interface Lane extends LaneSpec, TimedLane {}

/** Starts a new connection, or a datagram of a new socket, every 20 ms on each lane; the path must be open. */
export async function startLanes(ctx: CaseContext, specs: readonly LaneSpec[]): Promise<Lane[]> {
  return Promise.all(
    specs.map(async (spec) => {
      const { from, to, port, transport } = spec;
      const probe = freshProbe(to.ip, port, transport.toUpperCase(), ctx.timeouts.policyConnectMs);
      const lane = await startLane(ctx, from, probe, everyMs);
      await ctx.settle(`${from.name} reaches ${to.name}`, async () => unsteady(await lane.sampler.peek(), 0, true));
      return { ...spec, ...lane };
    }),
  );
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
  const touched = effects.flatMap(({ lanes, ...effect }) => lanes.map((lane) => ({ ...effect, lane })));
  const title = effects.map(({ what, becomes }) => `${what}: ${becomes}`).join(', ');
  const times = await timeTurns(ctx, title, touched, change, { timeoutMs: ctx.timeouts.policySettleMs });
  const tries = touched.map(({ what, lane }, index): ChangeTry => {
    const ms = times[index] ?? 0;
    record(ctx, what, lane, ms);
    return { ms, path: describeLane(lane) };
  });
  return tries.reduce((last, one) => (one.ms > last.ms ? one : last), { ms: 0, path: 'no path' });
}

function record(ctx: CaseContext, what: string, { from, to, transport }: Lane, ms: number): void {
  const path = from.node === to.node ? 'same node' : 'other node';
  ctx.measure('policy_change', ms, 'ms', { what: `${what}, ${path}`, from: from.node, to: to.node, transport });
}

function describeLane({ from, to, transport }: Lane): string {
  const end = ({ namespace, name, node }: Agent) => `${namespace}/${name} on ${node}`;
  return `${end(from)} -> ${end(to)} over ${transport}`;
}
