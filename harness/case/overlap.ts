import { BeginWhenFits } from './begin-when-fits.ts';
import { type IdleLoad, idleLoadOf } from './idle-load.ts';

/** Rounding of sums of loads must not keep a case waiting. */
const tolerance = 1e-9;
/** A case that takes less of the cores keeps no other waiting: it begins at once. */
const nextToNothing = 0.1;

/**
 * Runs mostly idle cases beside all others: first those that take next to nothing, then the costliest (a rollout and a hold
 * fit side by side, two rollouts do not), as many at once as their loads together leave the cores that they may take. What
 * does not fit lets a smaller one go ahead; one alone always runs.
 */
export class Overlap<C extends { readonly idleLoad?: IdleLoad }> {
  private readonly cases: BeginWhenFits<C>;
  private cores: number;

  constructor(cases: readonly C[], judge: (one: C) => Promise<void>, cores: number) {
    this.cores = cores;
    const inOrder = cases.toSorted((one, other) => urgency(other) - urgency(one));
    this.cases = new BeginWhenFits(inOrder, judge, (one, running) => this.hasCoresFor(one, running));
  }

  /** Resolves when the last is done. Rejects with what `judge` rejects with. */
  run(): Promise<undefined> {
    return this.cases.run();
  }

  /** To be called when what it runs beside is done: there is more to take. */
  widen(cores: number): void {
    this.cores = Math.max(this.cores, cores);
    this.cases.begin();
  }

  private hasCoresFor(one: C, running: ReadonlySet<C>): boolean {
    const taken = [...running].reduce((sum, other) => sum + idleLoadOf(other).cores, 0);
    return taken + idleLoadOf(one).cores <= this.cores + tolerance;
  }
}

/** In core-seconds, or more than any have for what takes next to nothing. */
function urgency(one: { readonly idleLoad?: IdleLoad }): number {
  const { seconds, cores } = idleLoadOf(one);
  return cores <= nextToNothing ? Number.MAX_VALUE : seconds * cores;
}
