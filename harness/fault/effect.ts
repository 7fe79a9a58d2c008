import { InconclusiveError } from '../base/errors.ts';
import type { Agent, Probe, Verdict } from '../probe/types.ts';
import type { Effect } from './types.ts';

/**
 * Returns an effect check that probes once and finds the fault present when the verdict is `wanted`. It throws
 * InconclusiveError when the probe itself broke, which must not be taken for an effect.
 */
export function probeEffect(from: Agent, probe: Probe, wanted: Verdict = 'dropped'): () => Promise<Effect> {
  return async () => {
    const [result] = await from.probe([probe]);
    const path = `${from.namespace}/${from.name} -> ${'host' in probe ? probe.host : probe.name}`;
    if (result === undefined || result.verdict === 'inconclusive') {
      throw new InconclusiveError(`${path}: the probe broke: ${result?.error ?? 'no result'}`);
    }
    return { present: result.verdict === wanted, seen: `${path} is ${result.verdict}` };
  };
}
