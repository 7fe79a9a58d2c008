import { nowUs } from './clock.ts';
import { openConnection } from './open-connection.ts';
import type { LoadSpec } from './schema.ts';

/** What a closed loop came to, its warm-up left out. */
export interface LoadResult {
  /** Attempts that were answered. */
  readonly answered: number;
  readonly failed: number;
  /** Answers a second. */
  readonly perSecond: number;
  /** What became of the first attempt that failed. */
  readonly error?: string;
}

interface Tally {
  answered: number;
  failed: number;
  perSecond: number;
  error?: string;
}

/**
 * Repeats a probe as fast as its answers come, `inFlight` of them at once, each on its own connection: netperf's
 * RR (`reuse`) and CRR. What is slow is asked less often here, so it tells rates, never percentiles. Whole attempts count, over
 * the time they took: few long ones give no coarser a rate than many short ones.
 */
export async function runLoad(spec: LoadSpec): Promise<LoadResult> {
  const fromUs = nowUs() + spec.warmUpMs * 1000;
  const tally: Tally = { answered: 0, failed: 0, perSecond: 0 };
  await Promise.all(Array.from({ length: spec.inFlight }, () => loop(spec, fromUs, tally)));
  return tally;
}

async function loop({ probe, reuse, forMs }: LoadSpec, fromUs: number, tally: Tally): Promise<void> {
  const connection = openConnection(probe, reuse);
  const untilUs = fromUs + forMs * 1000;
  let countedFromUs: number | undefined;
  let answered = 0;
  let now = nowUs();
  // One attempt counts at least, however long those of the warm-up took.
  while (now < untilUs || countedFromUs === undefined) {
    if (now >= fromUs) countedFromUs ??= now;
    const { result } = await connection.attempt();
    now = nowUs();
    if (countedFromUs === undefined) continue;
    if (result.verdict === 'open') answered++;
    else tally.failed++;
    if (result.verdict !== 'open') tally.error ??= `${result.verdict}: ${result.error ?? 'no reason'}`;
  }
  connection.close();
  tally.answered += answered;
  tally.perSecond += answered / ((now - countedFromUs) / 1e6);
}
