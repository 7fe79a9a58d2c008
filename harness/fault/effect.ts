import type { Agent } from '../probe/agent-types.ts';
import { describeError, InconclusiveError, isUnsettled } from '../base/errors.ts';
import { settle } from '../base/settle.ts';
import type { Timeouts } from '../base/timeouts.ts';
import type { Probe, Verdict } from '../probe/types.ts';
import type { Effect, MeasureEffect } from './types.ts';

/**
 * Returns an effect check that probes once and finds the fault present when the verdict is `wanted`. It throws
 * InconclusiveError when the probe itself broke, which must not be taken for an effect.
 */
export function probeEffect(from: Agent, probe: Probe, wanted: Verdict = 'dropped'): MeasureEffect {
  return async () => {
    const [result] = await from.probe([probe]);
    const path = `${from.namespace}/${from.name} -> ${'host' in probe ? probe.host : probe.name}`;
    if (result === undefined || result.verdict === 'inconclusive') {
      throw new InconclusiveError(`${path}: the probe broke: ${result?.error ?? 'no result'}`);
    }
    return { present: result.verdict === wanted, seen: `${path} is ${result.verdict}` };
  };
}

/**
 * Looks until the effect is there, or until it is gone, and returns the last look; the other way round when it did not
 * come so within `settleMs`. A look that breaks shows nothing of what is awaited.
 */
export async function untilEffect(
  measure: MeasureEffect,
  present: boolean,
  { settleMs, settlePollMs }: Pick<Timeouts, 'settleMs' | 'settlePollMs'>,
): Promise<Effect> {
  let last: Effect = { present: !present, seen: 'nobody looked' };
  const sample = async () => {
    last = await measure().catch((error: unknown) => ({ present: !present, seen: describeError(error) }));
    return last.present === present ? undefined : last.seen;
  };
  await settle({ sample, consecutive: 1, timeoutMs: settleMs, pollMs: settlePollMs }).catch((error: unknown) => {
    if (!isUnsettled(error)) throw error;
  });
  return last;
}
