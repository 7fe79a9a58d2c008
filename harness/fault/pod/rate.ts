import { InconclusiveError } from '../../base/errors.ts';
import type { NodeExec } from '../../node/types.ts';
import type { Effect } from '../types.ts';
import { echoesOver } from './effects.ts';
import type { SeenPath } from './path.ts';

/** Bytes of a full echo on the wire, and of what is around its payload: Ethernet, IPv4 and ICMP headers. */
const wireBytes = 1_242;
const headerBytes = 42;
const lookMs = 2_000;
/** What one sender of echoes manages on a busy machine. */
const mostPerSecond = 6_000;

/** The highest rate in bytes/s that a look can tell from no limit: twice as much must be offered. */
export const mostSeenRate = (mostPerSecond * wireBytes) / 2;

/**
 * Returns a look at the rate that echoes come back at when twice the limit is sent: present up to a quarter above it.
 * The burst that the first tenths carry is left out.
 */
export function rateLook(exec: NodeExec, bytesPerSecond: number): (path: SeenPath) => Promise<Effect> {
  const everyUs = 1e6 / ((2 * bytesPerSecond) / wireBytes);
  const count = Math.max(40, Math.ceil((lookMs * 1_000) / everyUs));
  return async (path) => {
    const bytes = wireBytes - headerBytes;
    const echoes = await echoesOver(exec, path, { count, everyUs: Math.round(everyUs), bytes, timeoutMs: 500 });
    if (echoes.received < 10 || echoes.spanUs === 0) throw new InconclusiveError(`no echoes of ${path.to} to time`);
    const rates = echoes.tenths.slice(3).map((inTenth) => inTenth / (echoes.spanUs / 1e7));
    const value = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    const spread = Math.sqrt(rates.reduce((sum, rate) => sum + (rate - value) ** 2, 0) / (rates.length - 1));
    // Student's t at 95 %, six degrees of freedom.
    const half = (2.447 * spread) / Math.sqrt(rates.length);
    const estimate = { metric: 'rate', value, low: value - half, high: value + half, unit: 'bytes/s' } as const;
    const seen = `${mbit(value)} Mbit/s (95 %: ${mbit(estimate.low)} to ${mbit(estimate.high)}) of echoes ${path.from.title} -> ${path.to} come back, twice the limit sent; asked ${mbit(bytesPerSecond)} Mbit/s`;
    return { present: value <= bytesPerSecond * 1.25, seen, estimate };
  };
}

const mbit = (bytesPerSecond: number) => ((bytesPerSecond * 8) / 1e6).toFixed(2);
