import { setTimeout as pause } from 'node:timers/promises';
import { describeError, OrdealError } from './errors.ts';

interface Deferred {
  readonly title: string;
  readonly undo: () => Promise<void>;
}

/**
 * What must be undone, undone in reverse. Has its own deadline, so that one hanging step cannot keep the rest from
 * being tried, and can be run from a signal handler while the work that deferred things is still unwinding.
 */
export class CleanupStack implements AsyncDisposable {
  private readonly deferred: Deferred[] = [];
  private readonly timeoutMs: number;
  private running: Promise<void> | undefined;

  constructor(options: { timeoutMs: number }) {
    this.timeoutMs = options.timeoutMs;
  }

  /** Runs `undo` later, before everything deferred earlier. Also accepted while the stack already unwinds. */
  defer(title: string, undo: () => Promise<void>): void {
    this.deferred.push({ title, undo });
  }

  /** Number of things not yet undone. */
  get size(): number {
    return this.deferred.length;
  }

  /** Forgets everything deferred without undoing it (`--keep`, or ownership handed over). */
  release(): void {
    this.deferred.length = 0;
  }

  /**
   * Undoes everything, each thing tried whatever happened to the others. A second call awaits the first one's work.
   * @throws OrdealError CLUSTER naming each thing that could not be undone, or not in time.
   */
  run(): Promise<void> {
    this.running ??= this.unwind().finally(() => (this.running = undefined));
    return this.running;
  }

  /**
   * Runs the stack after `work` failed with `error`; returns `error`, with what could not be undone attached, so that
   * the first error is never hidden by a second one.
   */
  async runAfter(error: unknown): Promise<unknown> {
    try {
      await this.run();
      return error;
    } catch (leftover) {
      return withLeftover(error, leftover);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.run();
  }

  private async unwind(): Promise<void> {
    const deadline = performance.now() + this.timeoutMs;
    const failures: unknown[] = [];
    for (let next = this.deferred.pop(); next !== undefined; next = this.deferred.pop()) {
      const failure = await undoOne(next, deadline - performance.now());
      if (failure !== undefined) failures.push(failure);
    }
    if (failures.length === 0) return;
    const said = failures.map((failure) => describeError(failure)).join('; ');
    throw new OrdealError('CLUSTER', `not everything could be undone: ${said}`, {
      remedy: '`ordeal clean` removes what is left and is ours.',
      cause: new AggregateError(failures, 'clean-up'),
    });
  }
}

/** Starts the undo even after the deadline (it may be quick), but then only waits one short grace for it. */
async function undoOne({ title, undo }: Deferred, leftMs: number): Promise<unknown> {
  const graceMs = Math.max(leftMs, 50);
  const timer = new AbortController();
  try {
    const late = pause(graceMs, 'late' as const, { signal: timer.signal });
    const outcome = await Promise.race([Promise.resolve().then(undo), late]);
    return outcome === 'late' ? new Error(`${title}: not done within the deadline`) : undefined;
  } catch (cause) {
    return new Error(title, { cause });
  } finally {
    timer.abort();
  }
}

function withLeftover(error: unknown, leftover: unknown): unknown {
  const also = `Besides, ${describeError(leftover)}`;
  if (!(error instanceof OrdealError)) return error;
  const remedy = error.remedy === undefined ? also : `${error.remedy} ${also}`;
  return new OrdealError(error.code, error.message, { remedy, cause: error.cause });
}
