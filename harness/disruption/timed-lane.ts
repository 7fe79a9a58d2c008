import type { Agent, Expectation, Sample, Sampler } from '../probe/agent-types.ts';
import type { Probe } from '../probe/types.ts';
import type { CheckContext } from '../table/check-context.ts';
import { closingMs, isOpen, openingMs, type Shows, unsteady } from './change-times.ts';

const clockReadings = 5;

/** Open-loop attempts of one agent, on whose clock changes are timed. */
export interface TimedLane {
  readonly from: Agent;
  readonly sampler: Sampler;
  /** What `performance.now()` showed here when the sampler's clock stood at 0. */
  readonly zero: number;
}

/**
 * Starts an attempt every `everyMs`, each over a new connection or from a new socket, until the case ends. An answer that
 * is not as `expect` says counts as none.
 */
export async function startLane(
  ctx: CheckContext,
  from: Agent,
  probe: Probe,
  everyMs: number,
  expect: Expectation = {},
): Promise<TimedLane> {
  const sampler = await from.sample({ probe, everyMs, reuse: false, expect });
  ctx.defer(`stop the sampler in ${from.name}`, async () => {
    await sampler.stop();
  });
  return { from, sampler, zero: await clockZero(sampler) };
}

/** Returns the lane of the attempts that a pod began with (`bootSample`). */
export async function bootLane(from: Agent): Promise<TimedLane> {
  const sampler = from.bootSampler();
  return { from, sampler, zero: await clockZero(sampler) };
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

/** What a change must make of one lane. */
export interface Turn {
  readonly lane: TimedLane;
  /** `open`: every attempt shows it in the end; `closed`: none does; `begun`: one has, as one backend among others does. */
  readonly becomes: 'open' | 'closed' | 'begun';
  /** What is looked for; absent: an open path. */
  readonly shows?: Shows;
  /** Attempts in a row that must agree before it counts as obeyed. */
  readonly steady?: number;
}

/**
 * Makes a change and waits until every lane obeys it. Returns, for each turn, the milliseconds from the API server's
 * answer to the last attempt that showed what was to end, or to the first that showed what was to begin.
 * @throws OrdealError NOT_SETTLED naming the lane that does not obey.
 */
export async function timeTurns(
  ctx: CheckContext,
  title: string,
  turns: readonly Turn[],
  change: () => Promise<unknown>,
  options: { readonly timeoutMs?: number } = {},
): Promise<number[]> {
  await change();
  const changedAt = performance.now();
  const sample = async () => {
    const views = turns.map(async (turn) => {
      const view = disobeys(turn, await turn.lane.sampler.peek(), changedAt);
      return view && `${turn.lane.from.name} on ${turn.lane.from.node}: ${view}`;
    });
    return (await Promise.all(views)).find((view) => view !== undefined);
  };
  await ctx.settle(title, sample, options);
  return Promise.all(turns.map(async (turn) => elapsed(turn, await turn.lane.sampler.peek(), changedAt)));
}

function disobeys({ lane, becomes, ...look }: Turn, samples: readonly Sample[], changedAt: number): string | undefined {
  const since = changedAt - lane.zero;
  if (becomes !== 'begun') return unsteady(samples, since, becomes === 'open', look);
  const { length } = samples.filter(({ atMs }) => atMs >= since);
  return openingMs(samples, since, look.shows) === undefined ? `not yet in ${length} attempts` : undefined;
}

function elapsed({ lane, becomes, shows = isOpen }: Turn, samples: readonly Sample[], changedAt: number): number {
  const since = changedAt - lane.zero;
  return becomes === 'closed' ? closingMs(samples, since, shows) : (openingMs(samples, since, shows) ?? 0);
}
