import { atLeast } from './binomial.ts';

export interface Counts {
  readonly lost: number;
  readonly sent: number;
}

/** What a rule for lost packets promises. */
export interface LossPromise {
  /** Loss of a sound path on a busy machine, 0 to 1: up to here nothing is wrong. */
  readonly healthyRate: number;
  /** How often, 0 to 1, at least one of all paths that lose so much is called lossy. */
  readonly falseAlarms: number;
  /** Paths that are judged together. */
  readonly paths: number;
}

/** `starved`: the machine loses packets whichever way they take, which says nothing of the path. */
export type LossVerdict = 'sound' | 'lossy' | 'starved';

/** By chance alone a path loses so much more than its control this often, 0 to 1; beyond it the path is to blame. */
const controlChance = 0.01;

/**
 * Returns the fewest losses out of `sent` that fail a path: an exact binomial test of the healthy rate, the false alarms
 * shared out over all paths (Bonferroni).
 */
export function failsFrom(sent: number, { healthyRate, falseAlarms, paths }: LossPromise): number {
  for (let lost = 1; lost <= sent; lost++) {
    if (paths * atLeast(lost, sent, healthyRate) <= falseAlarms) return lost;
  }
  return sent + 1;
}

/**
 * Returns how surely, 0 to 1, a path that loses `rate` of `sent` packets is called lossy in two measurements running
 * (confirm-loss.ts).
 */
export function lossPower(sent: number, rate: number, promise: LossPromise): number {
  return atLeast(failsFrom(sent, promise), sent, rate) ** 2;
}

/**
 * Returns `sound` for a path that loses no more than a healthy one may; else `lossy`, if it loses more than its control,
 * which took no network, could by chance; else `starved`: the machine loses packets whichever way they take. Given the
 * losses of both, those of the path are binomial with its share of what was sent (conditional test of two rates).
 */
export function judgeLoss(path: Counts, control: Counts, promise: LossPromise): LossVerdict {
  if (path.lost < failsFrom(path.sent, promise)) return 'sound';
  const share = path.sent / (path.sent + control.sent);
  const chance = atLeast(path.lost, path.lost + control.lost, share);
  return control.sent > 0 && chance <= controlChance ? 'lossy' : 'starved';
}
