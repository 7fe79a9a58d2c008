import { setTimeout as pause } from 'node:timers/promises';
import { describeError, InconclusiveError, isUnsettled, OrdealError, SkipError } from '../base/errors.ts';
import { settle } from '../base/settle.ts';
import { firstGap } from '../case/needs.ts';
import type { CaseContext } from '../case/types.ts';
import { startLane, type TimedLane } from '../disruption/timed-lane.ts';
import type { Fault } from '../fault/types.ts';
import { StalledAgents } from '../table/stalled-agents.ts';
import { type AimedFault, aimFault } from './aim.ts';
import type { DuringFault } from './fault-text.ts';
import { explains } from './impact.ts';
import { type AreaMeasured, type AreaVerdict, judgeArea, type LaneSeen } from './judge.ts';
import type { AreaBed, AreaTable, Lane, SeenCell } from './types.ts';

/** One area under one fault: what it came to, and its table as the last look saw it. */
export interface AreaResult {
  readonly verdict: AreaVerdict;
  readonly lastLook: readonly SeenCell[];
  readonly fault: Pick<Fault, 'title' | 'way'>;
  /** The fault did not last, or stayed: nothing that was measured can be trusted. */
  readonly doubt?: string;
}

interface OpenBed {
  readonly table: AreaTable;
  readonly bed: AreaBed;
}

/** A control need not tell windows to their tens of milliseconds. */
const attemptsAControl = 4;
/** How often each table is looked at while a fault holds, however long a look takes. */
const leastLooks = 2;

/**
 * Injects a fault once and measures the tables of all areas that this cluster has while it holds: before, all must be as
 * wanted; after, again. Returns the result of each area.
 * @throws SkipError where the fault cannot be done here; InconclusiveError where nobody could measure that it acts, or
 * a table was not as wanted before.
 */
export async function holdAndMeasure(
  ctx: CaseContext,
  fault: DuringFault,
  tables: readonly AreaTable[],
): Promise<ReadonlyMap<string, AreaResult>> {
  const here = tables.filter(({ needs }) => firstGap(needs, ctx.cluster.info.features) === undefined);
  const beds = await Promise.all(here.map(async (table): Promise<OpenBed> => ({ table, bed: await table.open(ctx) })));
  await Promise.all(beds.map((one) => asWanted(ctx, one).catch(refuseUnsettled)));
  const aimed = await aimFault(
    ctx,
    fault,
    beds.map(({ bed }) => bed),
  );
  const planned = await planHere(ctx, fault, aimed);
  const lanes = new Map<OpenBed, Started[]>();
  for (const one of beds) lanes.set(one, await startLanes(ctx, one.bed.lanes));
  const held = await hold(ctx, planned, aimed, beds);
  const results = await Promise.all(
    beds.map(async (one) => {
      const seen = await Promise.all((lanes.get(one) ?? []).map((lane) => stopLane(lane, held.times.injectedAt)));
      const measured = { ...held.times, ...held.areas.get(one), area: one.table.area, lanes: seen };
      const lastLook = held.areas.get(one)?.looks.at(-1) ?? [];
      const verdict = judgeArea({ looks: [], ...measured, impact: aimed.impact });
      const doubt = planned.result?.doubt;
      return [one.table.area, { verdict, lastLook, fault: planned, ...(doubt !== undefined && { doubt }) }] as const;
    }),
  );
  return new Map(results);
}

function refuseUnsettled(error: unknown): never {
  if (!isUnsettled(error)) throw error;
  throw new InconclusiveError(`not as wanted before the fault: ${describeError(error)}`, { cause: error });
}

/** What cannot be done on this cluster is no verdict on its network. */
async function planHere(ctx: CaseContext, { driver, text }: DuringFault, { params, effect }: AimedFault) {
  try {
    return await ctx.fault(driver, params, effect === undefined ? {} : { effect });
  } catch (error) {
    if (!(error instanceof OrdealError) || (error.code !== 'FAULT' && error.code !== 'USAGE')) throw error;
    throw new SkipError(`${text} cannot be done here: ${error.message}`, { cause: error });
  }
}

type Started = TimedLane & { readonly lane: Lane; readonly control: TimedLane };

function startLanes(ctx: CaseContext, lanes: readonly Lane[]): Promise<Started[]> {
  const { sampleMs, holdProbeMs, connectMs } = ctx.timeouts;
  return Promise.all(
    lanes.map(async (lane) => {
      const probe = { ...lane.probe, timeoutMs: lane.denied ? connectMs : holdProbeMs };
      const own = { kind: 'tcp', host: '127.0.0.1', port: lane.ownPort, timeoutMs: holdProbeMs } as const;
      const control = await startLane(ctx, lane.from, own, sampleMs * attemptsAControl);
      const asked = await startLane(ctx, lane.from, probe, sampleMs, lane.expect);
      return { ...asked, lane: { ...lane, probe }, control };
    }),
  );
}

/** Times of the control are put on the clock of the lane. */
async function stopLane({ lane, sampler, zero, control }: Started, injectedAt: number): Promise<LaneSeen> {
  const [samples, own] = await Promise.all([sampler.stop(), control.sampler.stop()]);
  const shifted = own.map((sample) => ({ ...sample, atMs: sample.atMs + control.zero - zero }));
  const stalls = await StalledAgents.ask([lane.from, ...lane.servers], performance.now() - injectedAt);
  return { lane, samples, control: shifted, stalled: stalls.explains(lane.from, lane.probe), zero };
}

interface Held {
  readonly times: Pick<AreaMeasured, 'injectedAt' | 'endedAt'>;
  readonly areas: ReadonlyMap<OpenBed, Pick<AreaMeasured, 'looks' | 'notRecovered'>>;
}

async function hold(ctx: CaseContext, fault: Fault, aimed: AimedFault, beds: readonly OpenBed[]): Promise<Held> {
  const injectedAt = performance.now();
  await ctx.step('inject', () => fault.inject());
  const looks = await ctx.step('measure while it holds', () => lookWhile(ctx, aimed, beds));
  const endedAt = aimed.lasting === true ? injectedAt : performance.now();
  await ctx.step('revert', () => fault.revert());
  const { workload } = aimed;
  if (workload !== undefined) {
    await ctx.step('what it hit is whole again', () => ctx.kube.untilRolledOut(workload, ctx.timeouts.workloadReadyMs));
  }
  const recovered = await Promise.all(
    beds.map(async (one) => {
      const why = await asWanted(ctx, one).then(() => undefined, reasonUnsettled);
      return [one, { looks: looks.get(one) ?? [], ...(why !== undefined && { notRecovered: why }) }] as const;
    }),
  );
  return { times: { injectedAt, endedAt }, areas: new Map(recovered) };
}

function reasonUnsettled(error: unknown): string {
  if (!isUnsettled(error)) throw error;
  return describeError(error);
}

async function lookWhile(ctx: CaseContext, { impact }: AimedFault, beds: readonly OpenBed[]) {
  const looks = new Map<OpenBed, (readonly SeenCell[])[]>(beds.map((one) => [one, []]));
  const until = performance.now() + ctx.timeouts.underFaultMs;
  for (let made = 0; made < leastLooks || performance.now() < until; made++) {
    ctx.signal.throwIfAborted();
    const began = performance.now();
    await Promise.all(beds.map(async (one) => looks.get(one)?.push(await excused(one, impact, began))));
    const restMs = began + ctx.timeouts.holdEveryMs - performance.now();
    if (restMs > 0) await pause(restMs, undefined, { signal: ctx.signal });
  }
  return looks;
}

/** What is lost without the fault's doing may be due to a process that did not run: then the look says nothing of it. */
async function excused({ table, bed }: OpenBed, impact: AimedFault['impact'], began: number): Promise<SeenCell[]> {
  const cells = await bed.look();
  const odd = cells.filter(({ state, ends }) => state === 'lost' && !explains(impact, table.area, ends));
  if (odd.length === 0) return [...cells];
  const agents = cells.map(({ from }) => from);
  const stalled = await StalledAgents.ask(agents, performance.now() - began);
  const isExcused = (cell: SeenCell) => odd.includes(cell) && stalled.explains(cell.from, cell.probe);
  return cells.map((cell) => (isExcused(cell) ? { ...cell, state: 'unknown' as const } : cell));
}

/** Waits until a whole look shows nothing but what is wanted. */
async function asWanted(ctx: CaseContext, { table, bed }: OpenBed): Promise<void> {
  const { settleMs, settlePollMs, settleMostPollMs } = ctx.timeouts;
  const sample = async () => {
    const cells = await bed.look();
    const wrong = cells.filter(({ state }) => state !== 'as-wanted');
    const [first] = wrong;
    return first && `${wrong.length} of ${cells.length} cells differ, first: ${first.key}: ${first.row.measured}`;
  };
  await settle({
    ...{ what: `${table.area} as wanted`, sample, consecutive: 1, timeoutMs: settleMs, pollMs: settlePollMs },
    ...{ mostPollMs: settleMostPollMs, signal: ctx.signal },
  });
}
