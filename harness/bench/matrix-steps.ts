import { setTimeout as pause } from 'node:timers/promises';
import { settle } from '../measure/settle.ts';
import { consecutiveToSettle, Timeouts } from '../timeouts.ts';
import type { Bed } from './matrix-beds.ts';

const steps = 5;
/** As in cases: both looks then wait for what is dropped at the same time. */
const looksApartMs = 100;

/** What is asked of a bed until it is as wanted; each resolves with undefined, or with what differs. */
export interface Wanted {
  /** A few cells that must change, asked until they have. */
  readonly few: () => Promise<string | undefined>;
  readonly whole: () => Promise<string | undefined>;
}

/**
 * Takes steps as a NetworkPolicy case does: the policy comes, or goes, a few cells are asked until they changed, then the
 * whole table twice. Leaves the policy in force. Returns what each step took in ms, from before the change to the second
 * agreement.
 */
export async function timeSteps(
  policy: NonNullable<Bed['policy']>,
  { dropped, open }: { readonly dropped: Wanted; readonly open: Wanted },
): Promise<number[]> {
  const { settleMs: timeoutMs, settlePollMs: pollMs } = Timeouts.parse({});
  const times: number[] = [];
  for (let step = 0; step < steps; step++) {
    const closing = step % 2 === 0;
    const begun = performance.now();
    await (closing ? policy.apply() : policy.remove());
    const what = `NetworkPolicy only-80 ${closing ? 'drops' : 'no longer drops'} port 81`;
    const sample = samplerOf(closing ? dropped : open);
    await settle({ what, sample, consecutive: consecutiveToSettle, timeoutMs, pollMs });
    times.push(performance.now() - begun);
  }
  return times;
}

function samplerOf({ few, whole }: Wanted): () => Promise<string | undefined> {
  let changed = false;
  let second: Promise<string | undefined> | undefined;
  const nextLook = () => {
    const begun = second;
    second = begun === undefined ? pause(looksApartMs).then(whole) : undefined;
    second?.catch(() => undefined);
    return begun ?? whole();
  };
  return async () => {
    const early = changed ? undefined : await few();
    if (early !== undefined) return early;
    const gap = await nextLook();
    changed = gap === undefined;
    if (!changed) second = undefined;
    return gap;
  };
}
