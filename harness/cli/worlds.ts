import { availableParallelism } from 'node:os';

/** How many cases run at once, by what limits them. */
export interface Lanes {
  readonly own: number;
  readonly grid: number;
}

/**
 * Returns the lanes of a run. Cases of own worlds start pods, which costs CPU, and then wait: one a core and one more.
 * Cases on warm grids wait for policies to take effect, which costs none: twice as many, but each grid is nine pods.
 */
export function lanesFor(worlds: number | undefined): Lanes {
  if (worlds !== undefined) return { own: worlds, grid: worlds };
  const cores = availableParallelism();
  return { own: clamp(cores + 1, 2, 8), grid: clamp(2 * cores, 2, 8) };
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
