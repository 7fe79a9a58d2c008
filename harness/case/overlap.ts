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
  private readonly waiting: C[];
  private readonly running = new Set<C>();
  private readonly judge: (one: C) => Promise<void>;
  private readonly ended = Promise.withResolvers<undefined>();
  private cores: number;

  constructor(cases: readonly C[], judge: (one: C) => Promise<void>, cores: number) {
    this.waiting = cases.toSorted((one, other) => urgency(other) - urgency(one));
    this.judge = judge;
    this.cores = cores;
  }

  /** Resolves when the last is done. Rejects with what `judge` rejects with. */
  run(): Promise<undefined> {
    this.begin();
    return this.ended.promise;
  }

  /** To be called when what it runs beside is done: there is more to take. */
  widen(cores: number): void {
    this.cores = Math.max(this.cores, cores);
    this.begin();
  }

  private begin(): void {
    if (this.waiting.length + this.running.size === 0) this.ended.resolve(undefined);
    for (let next = this.next(); next !== undefined; next = this.next()) this.start(next);
  }

  private next(): C | undefined {
    const taken = [...this.running].reduce((sum, one) => sum + idleLoadOf(one).cores, 0);
    const fits = (one: C) => this.running.size === 0 || taken + idleLoadOf(one).cores <= this.cores + tolerance;
    const index = this.waiting.findIndex(fits);
    return index < 0 ? undefined : this.waiting.splice(index, 1)[0];
  }

  private start(one: C): void {
    this.running.add(one);
    this.judge(one).then(() => {
      this.running.delete(one);
      this.begin();
    }, this.ended.reject);
  }
}

/** In core-seconds, or more than any have for what takes next to nothing. */
function urgency(one: { readonly idleLoad?: IdleLoad }): number {
  const { seconds, cores } = idleLoadOf(one);
  return cores <= nextToNothing ? Number.MAX_VALUE : seconds * cores;
}
