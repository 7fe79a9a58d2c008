/** Lets at most `width` pieces of work run at once; the rest wait, first come first served. */
export class Limit {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(width: number) {
    this.free = width;
  }

  /** Returns or throws what `work` does. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((go) => this.waiting.push(go));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }
}

/**
 * Runs `work` over all items, at most `width` at a time; results in the order of `items`. Rejects on the first failure,
 * after which nothing further begins.
 */
export async function mapLimited<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const limit = new Limit(width);
  let failed = false;
  const one = async (item: T): Promise<R> => {
    if (failed) throw new Error('not begun: an earlier one failed');
    try {
      return await work(item);
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  return Promise.all(items.map((item) => limit.run(() => one(item))));
}
