import { availableParallelism } from 'node:os';

/** How many cases run at once, by what limits them. */
export interface Lanes {
  readonly own: number;
  readonly grid: number;
}

/**
 * Returns the lanes of a run: of each kind one a core and one more. Cases wait for pods and policies now and then, which
 * costs no CPU; more of them at once only start more pods and answer later (115 cases on two cores: 89 s with three
 * grids, 94 s with four).
 */
export function lanesFor(worlds: number | undefined): Lanes {
  if (worlds !== undefined) return { own: worlds, grid: worlds };
  const each = Math.min(8, Math.max(2, availableParallelism() + 1));
  return { own: each, grid: each };
}
