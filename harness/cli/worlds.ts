import { availableParallelism } from 'node:os';

/** Worlds running at once: waiting for policies dominates, so one a core, but each grid costs nine pods. */
export function defaultWorlds(): number {
  return Math.min(8, Math.max(2, availableParallelism()));
}
