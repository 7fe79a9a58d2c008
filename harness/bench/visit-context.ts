import type { Timeouts } from '../base/timeouts.ts';
import { consecutiveToSettle } from '../base/timeouts.ts';
import { settle } from '../base/settle.ts';
import { CleanupStack } from '../base/cleanup.ts';
import { CaseRecorder } from '../events/case-recorder.ts';
import type { Emit } from '../events/types.ts';
import type { CheckContext, SettleOptions } from '../table/check-context.ts';

interface VisitOptions {
  readonly emit: Emit;
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal;
}

/** One metric of one visit: what it records, waits for and undoes. */
export class VisitContext extends CaseRecorder implements CheckContext {
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal;
  private readonly cleanup: CleanupStack;

  constructor(caseId: string, variant: string, { emit, timeouts, signal }: VisitOptions) {
    super(caseId, emit, variant);
    this.timeouts = timeouts;
    this.signal = signal;
    this.cleanup = new CleanupStack({ timeoutMs: timeouts.cleanupMs });
  }

  /** The time to settle is not recorded: it is no metric of a comparison. @throws OrdealError NOT_SETTLED. */
  async settle(what: string, sample: () => Promise<string | undefined>, options: SettleOptions = {}): Promise<number> {
    const { settleMs, settlePollMs, settleMostPollMs } = this.timeouts;
    const { timeoutMs = settleMs } = options;
    const waits = { timeoutMs, pollMs: settlePollMs, mostPollMs: settleMostPollMs, signal: this.signal };
    return (await settle({ what, sample, consecutive: consecutiveToSettle, ...waits })).ms;
  }

  defer(title: string, undo: () => Promise<void>): void {
    this.cleanup.defer(title, undo);
  }

  /** Undoes what was deferred. @throws OrdealError CLUSTER naming what could not be undone. */
  close(): Promise<void> {
    return this.cleanup.run();
  }
}
