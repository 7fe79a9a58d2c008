import { setTimeout as pause } from 'node:timers/promises';

const leastApartMs = 100;
/** What a probe costs two cores; the answers to a look come about so long after it began. */
const probeMs = 0.3;

/**
 * Two looks in turn that overlap: asking for the first begins the second, which is what is asked for next. It begins when
 * the answers to the first may be in, so that its probes do not queue behind them; both then wait for what is dropped at
 * the same time.
 */
export class LookPair<T> {
  private begun: Promise<T> | undefined;
  private readonly apartMs: number;
  private readonly first: () => Promise<T>;
  private readonly second: () => Promise<T>;

  /** `probes`: how many a look sends. */
  constructor(probes: number, first: () => Promise<T>, second: () => Promise<T>) {
    this.apartMs = Math.max(leastApartMs, probes * probeMs);
    this.first = first;
    this.second = second;
  }

  /** Returns what the first look saw, or the second where the first was asked for already. */
  next(): Promise<T> {
    const begun = this.forget();
    if (begun !== undefined) return begun;
    this.begun = pause(this.apartMs).then(this.second);
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
