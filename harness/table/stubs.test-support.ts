import type { Agent } from '../probe/agent-types.ts';
import { Timeouts } from '../base/timeouts.ts';
import type { Probe, ProbeResult } from '../probe/types.ts';

/** Timeouts of unit tests: the defaults. */
export const timeouts = Timeouts.parse({});

/** Returns an agent for unit tests that answers every probe by `answer`, and counts its round trips. */
export function agentStub(
  fields: { name: string; node?: string; ips?: readonly string[] },
  answer: (probe: Probe) => ProbeResult = () => ({ verdict: 'open', elapsedUs: 1 }),
): Agent & { roundTrips: number } {
  const { name, node = 'node', ips = ['10.0.0.1'] } = fields;
  return {
    name,
    node,
    namespace: 'unit',
    ip: ips[0] ?? '',
    ips,
    roundTrips: 0,
    probe(probes) {
      this.roundTrips += 1;
      return Promise.resolve(probes.map((probe) => answer(probe)));
    },
    sample: () => Promise.reject(new Error('a stub takes no samples')),
    bootSampler: () => ({ peek: () => Promise.resolve([]), stop: () => Promise.resolve([]) }),
    stalls: () => Promise.resolve([]),
    setReady: () => Promise.resolve(),
  };
}
