import { setTimeout as pause } from 'node:timers/promises';

const apartMs = 100;

/**
 * Two looks in turn that overlap: asking for the first begins the second, which is what is asked for next. Both then wait
 * for what is dropped at the same time.
 */
export class OverlappingSamples<T> {
  private begun: Promise<T> | undefined;
  private readonly first: () => Promise<T>;
  private readonly second: () => Promise<T>;

  constructor(first: () => Promise<T>, second: () => Promise<T>) {
    this.first = first;
    this.second = second;
  }

  /** Returns what the first look saw, or the second where the first was asked for already. */
  next(): Promise<T> {
    const begun = this.forget();
    if (begun !== undefined) return begun;
    this.begun = pause(apartMs).then(this.second);
    this.begun.catch(() => undefined);
    return this.first();
  }

  /** Begins anew with the first look; returns the second, if it was begun in vain. */
  forget(): Promise<T> | undefined {
    const { begun } = this;
    this.begun = undefined;
    return begun;
  }
}
