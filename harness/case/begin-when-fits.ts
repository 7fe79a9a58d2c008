/** Begins cases in their order, each as soon as it fits beside those under way; what does not fit lets a later one go ahead. */
export class BeginWhenFits<C> {
  private readonly waiting: C[];
  private readonly running = new Set<C>();
  private readonly judge: (one: C) => Promise<void>;
  private readonly fits: (one: C, running: ReadonlySet<C>) => boolean;
  private readonly ended = Promise.withResolvers<undefined>();

  /** One alone always runs: `fits` is asked only while others are under way. */
  constructor(
    cases: readonly C[],
    judge: (one: C) => Promise<void>,
    fits: (one: C, running: ReadonlySet<C>) => boolean,
  ) {
    this.waiting = [...cases];
    this.judge = judge;
    this.fits = fits;
  }

  /** Resolves when the last is done. Rejects with what `judge` rejects with. */
  run(): Promise<undefined> {
    this.begin();
    return this.ended.promise;
  }

  /** Begins what fits now; to be called when more does than before. */
  begin(): void {
    if (this.waiting.length + this.running.size === 0) this.ended.resolve(undefined);
    for (let next = this.next(); next !== undefined; next = this.next()) this.start(next);
  }

  private next(): C | undefined {
    const index = this.waiting.findIndex((one) => this.running.size === 0 || this.fits(one, this.running));
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
