import type { Grid } from './types.ts';

export interface GridLease {
  readonly grid: Grid;
  /** Resets the grid (policies, labels) and gives it to the next in line. */
  release(): Promise<void>;
}

/** A warm world that can be used again. */
export interface ReusableGrid {
  readonly grid: Grid;
  /** Brings the world back to all open; throws when it cannot, then the grid is not lent again. */
  reset(): Promise<void>;
}

type Waiter = PromiseWithResolvers<ReusableGrid>;

/**
 * Lends warm grids, building up to `size` of them on demand, one after another: nine pods at a time start sooner than
 * thirty-six, and whoever waits takes what comes first, a new grid or one given back. A grid that cannot be reset is
 * dropped and replaced, so one broken world never spoils the next case.
 */
export class GridPool {
  private readonly idle: ReusableGrid[] = [];
  private readonly waiting: Waiter[] = [];
  private built = 0;
  private building = false;
  private readonly size: number;
  private readonly build: () => Promise<ReusableGrid>;

  constructor(size: number, build: () => Promise<ReusableGrid>) {
    this.size = size;
    this.build = build;
  }

  /** @throws what building throws, when the grid built for this lease did not come up. */
  async lease(): Promise<GridLease> {
    const waiter = Promise.withResolvers<ReusableGrid>();
    this.waiting.push(waiter);
    this.serve();
    const one = await waiter.promise;
    return { grid: one.grid, release: () => this.giveBack(one) };
  }

  private serve(): void {
    while (this.waiting.length > 0 && this.idle.length > 0) {
      const one = this.idle.shift();
      if (one !== undefined) this.waiting.shift()?.resolve(one);
    }
    if (this.waiting.length > 0 && !this.building && this.built < this.size) void this.buildOne();
  }

  private async buildOne(): Promise<void> {
    this.building = true;
    this.built += 1;
    try {
      this.idle.push(await this.build());
    } catch (error) {
      this.built -= 1;
      this.waiting.shift()?.reject(error);
    }
    this.building = false;
    this.serve();
  }

  private async giveBack(one: ReusableGrid): Promise<void> {
    try {
      await one.reset();
      this.idle.push(one);
    } catch (error) {
      this.built -= 1;
      throw error;
    } finally {
      this.serve();
    }
  }
}
