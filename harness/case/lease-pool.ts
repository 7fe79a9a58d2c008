import type { ChangeSet } from '../kube/change-set.ts';
import type { OpenFixture } from './fixture.ts';

export interface Lease<T> {
  readonly value: T;
  /**
   * Gives it to the next in line with the changes its holder made; where those are not known, after a failure, only once
   * it is as it was opened.
   */
  release(changes: ChangeSet | undefined): Promise<void>;
}

/**
 * Lends what was opened, opening up to `size` on demand; whoever waits takes what comes first, a new one or one given
 * back. One that cannot be reset is dropped and replaced, so that it never spoils the next case.
 */
export class LeasePool<T> {
  private readonly idle: OpenFixture<T>[] = [];
  private readonly waiting: PromiseWithResolvers<OpenFixture<T>>[] = [];
  private opened = 0;
  private readonly openings = new Set<Promise<void>>();
  private readonly size: number;
  private readonly open: () => Promise<OpenFixture<T>>;

  constructor(size: number, open: () => Promise<OpenFixture<T>>) {
    this.size = size;
    this.open = open;
  }

  /** @throws what opening throws, when the one opened for this lease did not come up. */
  async lease(): Promise<Lease<T>> {
    const one = await this.next();
    return { value: one.value, release: (changes) => this.giveBack(one, changes) };
  }

  /** Opens a first one before anybody asks for it. A failure is met again by who does. */
  warm(): void {
    if (this.opened === 0) this.openOne();
  }

  /** Resolves when none is being opened, whether those came up or not. */
  async quiet(): Promise<void> {
    while (this.openings.size > 0) await Promise.all(this.openings);
  }

  private next(): Promise<OpenFixture<T>> {
    const waiter = Promise.withResolvers<OpenFixture<T>>();
    this.waiting.push(waiter);
    this.serve();
    return waiter.promise;
  }

  private serve(): void {
    while (this.waiting.length > 0 && this.idle.length > 0) {
      const entry = this.idle.shift();
      if (entry !== undefined) this.waiting.shift()?.resolve(entry);
    }
    const wanted = Math.min(this.waiting.length, this.size - this.opened + this.openings.size);
    while (this.openings.size < wanted) this.openOne();
  }

  private openOne(): void {
    this.opened += 1;
    const one = this.open()
      .then(
        (opened) => void this.idle.push(opened),
        (error: unknown) => {
          this.opened -= 1;
          this.waiting.shift()?.reject(error);
        },
      )
      .then(() => {
        this.openings.delete(one);
        this.serve();
      });
    this.openings.add(one);
  }

  private async giveBack(one: OpenFixture<T>, changes: ChangeSet | undefined): Promise<void> {
    try {
      if (await madeFit(one, changes)) this.idle.push(one);
      else this.opened -= 1;
    } catch (error) {
      this.opened -= 1;
      throw error;
    } finally {
      this.serve();
    }
  }
}

/** Returns whether it can be lent again. */
async function madeFit(one: OpenFixture<unknown>, changes: ChangeSet | undefined): Promise<boolean> {
  if (changes !== undefined && one.accept !== undefined) await one.accept(changes);
  else if (one.reset === undefined) return false;
  else await one.reset();
  return true;
}
