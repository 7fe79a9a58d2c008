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

/**
 * Lends warm grids, building up to `size` of them on demand. A grid that cannot be reset is dropped and a new one is
 * built, so one broken world never spoils the next case.
 */
export class GridPool {
  private readonly idle: ReusableGrid[] = [];
  private readonly waiting: ((grid: ReusableGrid | undefined) => void)[] = [];
  private built = 0;
  private readonly size: number;
  private readonly build: () => Promise<ReusableGrid>;

  constructor(size: number, build: () => Promise<ReusableGrid>) {
    this.size = size;
    this.build = build;
  }

  async lease(): Promise<GridLease> {
    const one = await this.take();
    return { grid: one.grid, release: () => this.giveBack(one) };
  }

  private async take(): Promise<ReusableGrid> {
    const ready = this.idle.pop();
    if (ready !== undefined) return ready;
    if (this.built < this.size) return this.buildOne();
    const { promise, resolve } = Promise.withResolvers<ReusableGrid | undefined>();
    this.waiting.push(resolve);
    return (await promise) ?? this.take();
  }

  private async buildOne(): Promise<ReusableGrid> {
    this.built += 1;
    try {
      return await this.build();
    } catch (error) {
      this.dropOne();
      throw error;
    }
  }

  private async giveBack(one: ReusableGrid): Promise<void> {
    try {
      await one.reset();
    } catch (error) {
      this.dropOne();
      throw error;
    }
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push(one);
    else next(one);
  }

  /** A place is free: whoever waits may build. */
  private dropOne(): void {
    this.built -= 1;
    this.waiting.shift()?.(undefined);
  }
}
