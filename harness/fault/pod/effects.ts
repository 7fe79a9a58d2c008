import { InconclusiveError } from '../../base/errors.ts';
import { proportion } from '../../measure/proportion.ts';
import type { NodeExec } from '../../node/types.ts';
import type { Effect, Estimate, MeasureEffect } from '../types.ts';
import { measureEchoes, type Echoes, type EchoSpec } from './echo.ts';
import type { SeenPath } from './path.ts';

const echoTimeoutMs = 400;
const usualBytes = 56;

/** Sends echoes over a path; what of the spec is not given is as ping has it, one each millisecond. */
export function echoesOver(
  exec: NodeExec,
  path: SeenPath,
  spec: Partial<EchoSpec> & { count: number },
): Promise<Echoes> {
  return measureEchoes(exec, path.from, {
    everyUs: 1_000,
    timeoutMs: echoTimeoutMs,
    bytes: usualBytes,
    ...path,
    ...spec,
  });
}

/**
 * Returns one look out of those at each pod: present when it is so at all of them, absent when at none.
 * @throws InconclusiveError in between, which is neither.
 */
export function atEach<T>(pods: readonly T[], look: (pod: T) => Promise<Effect>): MeasureEffect {
  return async () => {
    const looks = await Promise.all(pods.map(look));
    const seen = looks.map((one) => one.seen).join('; ');
    const count = looks.filter(({ present }) => present).length;
    if (count > 0 && count < looks.length)
      throw new InconclusiveError(`at ${count} of ${looks.length} pods only: ${seen}`);
    const estimate = together(looks.flatMap((one) => one.estimate ?? []));
    return { present: count > 0, seen, ...(estimate && { estimate }) };
  };
}

function together(estimates: readonly Estimate[]): Estimate | undefined {
  const [first] = estimates;
  if (first === undefined) return undefined;
  const value = estimates.reduce((sum, one) => sum + one.value, 0) / estimates.length;
  const low = Math.min(...estimates.map((one) => one.low));
  const high = Math.max(...estimates.map((one) => one.high));
  return { ...first, value, low, high };
}

export interface AskedShare {
  /** `loss`, and so on, for the report. */
  readonly metric: string;
  /** Of the packets that pass once, 0 to 1. */
  readonly share: number;
  /** How often an echo passes on its way there and back. */
  readonly passes: 1 | 2;
  readonly hit: (echoes: Echoes) => number;
  readonly spec?: Partial<EchoSpec>;
}

/** Enough that a share of the size asked for is met forty times, within a few seconds. */
const countFor = (share: number) => Math.min(4_000, Math.max(300, Math.ceil(40 / share)));

/**
 * Returns a look at a share of packets: present from half of what was asked for on (all of it where all are asked for).
 * The estimate is of one pass. @throws InconclusiveError for some where all were to be hit.
 */
export function shareLook(exec: NodeExec, asked: AskedShare): (path: SeenPath) => Promise<Effect> {
  const { metric, share, passes, hit, spec } = asked;
  return async (path) => {
    const echoes = await echoesOver(exec, path, { count: countFor(share), ...spec });
    const hits = hit(echoes);
    const once = (both: number) => 1 - (1 - both) ** (1 / passes);
    const { value, low, high } = proportion(hits, echoes.sent);
    const estimate = { metric, value: once(value), low: once(low), high: once(high), unit: 'ratio' } as const;
    const seen = `${metric} ${percent(estimate.value)} (95 %: ${percent(estimate.low)} to ${percent(estimate.high)}), ${hits} of ${echoes.sent} ${path.kind} echoes ${path.from.title} -> ${path.to}; asked ${percent(share)}`;
    if (share === 1 && hits > echoes.sent / 2 && hits < echoes.sent) throw new InconclusiveError(`not all: ${seen}`);
    const present = share === 1 ? hits === echoes.sent : estimate.value >= share / 2 && hits > 2;
    return { present, seen, estimate };
  };
}

const percent = (share: number) => `${(share * 100).toFixed(2)} %`;

const delayCount = 60;

/** Returns a look at how much later echoes come than they did before: present from half of what was asked for on. */
export function delayLook(
  exec: NodeExec,
  before: ReadonlyMap<SeenPath, Echoes>,
  { ms, timeoutMs }: { readonly ms: number; readonly timeoutMs: number },
): (path: SeenPath) => Promise<Effect> {
  return async (path) => {
    const { rttUs, medianUs, received, sent } = await echoesOver(exec, path, { ...delayEchoes, timeoutMs });
    if (received < sent / 2) throw new InconclusiveError(`only ${received} of ${sent} echoes to ${path.to} came back`);
    const base = middle(before.get(path)?.rttUs ?? []);
    const added = (us = 0) => (us - base) / 1_000;
    const value = added(middle(rttUs));
    const estimate = { metric: 'delay', value, low: added(medianUs[0]), high: added(medianUs[1]), unit: 'ms' } as const;
    const spread = `80 % of them +${added(rttUs[1]).toFixed(1)} to +${added(rttUs[5]).toFixed(1)} ms`;
    const seen = `${path.kind} echoes ${path.from.title} -> ${path.to} come ${value.toFixed(1)} ms later than before (95 %: ${estimate.low.toFixed(1)} to ${estimate.high.toFixed(1)}; ${spread}); asked ${ms} ms`;
    return { present: value >= ms / 2, seen, estimate };
  };
}

/** Of a look at round trips. */
export const delayEchoes = { count: delayCount, everyUs: 5_000 } as const;

const middle = (rttUs: readonly number[]) => rttUs[3] ?? Number.NaN;
