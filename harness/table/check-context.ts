import type { Timeouts } from '../base/timeouts.ts';
import type { Recorder } from '../events/case-recorder.ts';
import type { Outages } from './outages.ts';

export interface SettleOptions {
  /** Asked anew after each sample where it depends on what was seen. */
  readonly timeoutMs?: number | (() => number);
  /** What waits that differ in their words have in common; reports take their times together. */
  readonly kind?: string;
}

/** What judging a table or a disruption asks of the case it is done for. */
export interface CheckContext extends Recorder {
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal;
  /** What cases of the run have found to be out altogether. Absent: this case stands alone. */
  readonly outages?: Outages;
  /**
   * Samples until `consecutiveToSettle` agreeing results; records the time as metric `settle_time`. @throws
   * OrdealError NOT_SETTLED with the trail and the last disagreement. `sample` returns undefined when it agrees with the
   * expectation, else one line saying what was seen; it throws InconclusiveError when the tool broke.
   */
  settle(what: string, sample: () => Promise<string | undefined>, options?: SettleOptions): Promise<number>;
  /** Runs `undo` after the case, in reverse order, also on Ctrl-C. */
  defer(title: string, undo: () => Promise<void>): void;
}
