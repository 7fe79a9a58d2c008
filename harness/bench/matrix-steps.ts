import { settle } from '../measure/settle.ts';
import { consecutiveToSettle, Timeouts } from '../timeouts.ts';
import type { Bed } from './matrix-beds.ts';

const steps = 5;

/** Whether a table is as wanted: undefined, or what differs. */
export type Agrees = () => Promise<string | undefined>;

/**
 * Takes steps as a NetworkPolicy case does: the policy comes, or goes, and the table is asked until it agreed twice.
 * Leaves the policy in force. Returns what each step took in ms, from before the change to the second agreement.
 */
export async function timeSteps(policy: NonNullable<Bed['policy']>, dropped: Agrees, open: Agrees): Promise<number[]> {
  const { settleMs: timeoutMs, settlePollMs: pollMs } = Timeouts.parse({});
  const times: number[] = [];
  for (let step = 0; step < steps; step++) {
    const closing = step % 2 === 0;
    const begun = performance.now();
    await (closing ? policy.apply() : policy.remove());
    const what = `NetworkPolicy only-80 ${closing ? 'drops' : 'no longer drops'} port 81`;
    const sample = closing ? dropped : open;
    await settle({ what, sample, consecutive: consecutiveToSettle, timeoutMs, pollMs });
    times.push(performance.now() - begun);
  }
  return times;
}
