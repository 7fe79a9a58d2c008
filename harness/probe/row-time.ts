import type { Probe } from './types.ts';

/** The agent runs this many probes at once; more of them take as many rounds. */
const probesAtOnce = 512;
/** What the agent may add to a probe's timeout when the machine is slow. */
const mostExtraMs = 2_000;

/** Returns how long an agent takes for a row of probes at most, in milliseconds. */
export function longestRowMs(probes: readonly Probe[]): number {
  const rounds = Math.ceil(probes.length / probesAtOnce);
  return rounds * (Math.max(0, ...probes.map(({ timeoutMs }) => timeoutMs)) + mostExtraMs);
}
