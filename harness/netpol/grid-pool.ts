import type { ChangeSet } from '../kube/change-set.ts';
import type { Grid } from './grid-types.ts';

export interface GridLease {
  readonly grid: Grid;
  /**
   * Gives it to the next in line with the changes its holder made; where those are not known, after a failure, only once
   * it is as made and all open again.
   */
  release(changes: ChangeSet | undefined): Promise<void>;
}

/** A warm world that can be used again. */
export interface ReusableGrid {
  readonly grid: Grid;
  /** Takes note of what its holder changed: policies and labels stay for the next holder to do with as it likes. */
  note(changes: ChangeSet): Promise<void>;
  /**
   * Deletes policies, puts labels back and waits until all pairs are open; throws when they are not, then the grid is not
   * lent again.
   */
  restore(): Promise<void>;
}

type Waiter = PromiseWithResolvers<ReusableGrid>;

/**
 * Lends warm grids, building up to `size` of them on demand; whoever waits takes what comes first, a new grid or one
 * given back. A grid that cannot be restored is dropped and replaced, so one broken world never spoils the next case.
 * Nobody proves a grid open after a case that passed: half of all probes were spent on what the next case proves.
 */
export class GridPool {
  private readonly idle: ReusableGrid[] = [];
  private readonly waiting: Waiter[] = [];
  private built = 0;
  private readonly builds = new Set<Promise<void>>();
  private readonly size: number;
  private readonly build: () => Promise<ReusableGrid>;

  constructor(size: number, build: () => Promise<ReusableGrid>) {
    this.size = size;
    this.build = build;
  }

  /** @throws what building throws, when the grid built for this lease did not come up. */
  async lease(): Promise<GridLease> {
    const one = await this.next();
    return { grid: one.grid, release: (changes) => this.giveBack(one, changes) };
  }

  /** Builds the first grid before anybody asks for one. A failure is met again by who does. */
  warm(): void {
    if (this.built === 0) this.buildOne();
  }

  /** Resolves when no grid is being built, whether those came up or not. */
  async quiet(): Promise<void> {
    while (this.builds.size > 0) await Promise.all(this.builds);
  }

  private next(): Promise<ReusableGrid> {
    const waiter = Promise.withResolvers<ReusableGrid>();
    this.waiting.push(waiter);
    this.serve();
    return waiter.promise;
  }

  private serve(): void {
    while (this.waiting.length > 0 && this.idle.length > 0) {
      const entry = this.idle.shift();
      if (entry !== undefined) this.waiting.shift()?.resolve(entry);
    }
    const wanted = Math.min(this.waiting.length, this.size - this.built + this.builds.size);
    while (this.builds.size < wanted) this.buildOne();
  }

  private buildOne(): void {
    this.built += 1;
    const one = this.build()
      .then(
        (grid) => void this.idle.push(grid),
        (error: unknown) => {
          this.built -= 1;
          this.waiting.shift()?.reject(error);
        },
      )
      .then(() => {
        this.builds.delete(one);
        this.serve();
      });
    this.builds.add(one);
  }

  private async giveBack(one: ReusableGrid, changes: ChangeSet | undefined): Promise<void> {
    try {
      await (changes === undefined ? one.restore() : one.note(changes));
      this.idle.push(one);
    } catch (error) {
      this.built -= 1;
      throw error;
    } finally {
      this.serve();
    }
  }
}
