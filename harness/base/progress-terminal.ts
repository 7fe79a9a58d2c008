import { describeError } from './errors.ts';
import { clock, LiveLine, plainText } from './progress-line.ts';
import type { Sink } from './progress-line.ts';
import type { Progress, StepRecord, StepReport, StepTime } from './progress.ts';

const redrawMs = 120;
/** Where lines cannot be redrawn (CI), a long step says this often that it is alive. */
const heartbeatMs = 30_000;
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

export interface TerminalProgress extends Progress {
  /** Steps that ended, in the order in which they ended. */
  readonly steps: readonly StepTime[];
  /** Writes the steps that ended so far, and every later one, into a run log, which is opened after the first steps. */
  recordTo(record: (step: StepRecord) => void): void;
  /** Takes the live line away and stops redrawing. Steps may still end. */
  close(): void;
}

export interface ProgressOptions {
  readonly sink?: Sink;
  /** Milliseconds on any monotonic clock. */
  readonly now?: () => number;
  /** Only notes and steps that fail. */
  readonly quiet?: boolean;
  /** Calls back regularly until the returned function is called; a test drives it by hand. */
  readonly every?: (ms: number, tick: () => void) => () => void;
}

interface Running {
  readonly title: string;
  readonly begun: number;
  detail: string;
  beat: number;
}

/** Returns progress on stderr: a live line on a terminal, plain lines with the time since the start elsewhere. */
export function terminalProgress(options: ProgressOptions = {}): TerminalProgress {
  return new Narrator(options);
}

class Narrator implements TerminalProgress {
  readonly steps: StepTime[] = [];
  private readonly unrecorded: StepRecord[] = [];
  private readonly running = new Set<Running>();
  private readonly line: LiveLine;
  private readonly now: () => number;
  private readonly started: number;
  private readonly stop: () => void;
  private readonly quiet: boolean;
  private recorder: ((step: StepRecord) => void) | undefined;
  private frame = 0;

  constructor({
    sink = process.stderr,
    now = () => performance.now(),
    every = repeat,
    quiet = false,
  }: ProgressOptions) {
    this.quiet = quiet;
    this.line = new LiveLine(sink);
    this.now = now;
    this.started = now();
    this.stop = every(redrawMs, () => this.tick());
  }

  async step<T>(title: string, work: (report: StepReport) => Promise<T>): Promise<T> {
    const step: Running = { title, begun: this.now(), detail: '', beat: this.now() };
    this.running.add(step);
    if (!this.line.live && !this.quiet) this.print(`start  ${title}`);
    const [outcome] = await Promise.allSettled([this.run(step, work)]);
    this.running.delete(step);
    this.end(step, outcome.status === 'rejected' ? { error: describeError(outcome.reason) } : {});
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }

  note(line: string): void {
    this.print(line);
  }

  recordTo(record: (step: StepRecord) => void): void {
    this.recorder = record;
    for (const step of this.unrecorded.splice(0)) record(step);
  }

  close(): void {
    this.stop();
    this.line.clear();
  }

  /** Async, so that work which throws before its first await fails like any other. */
  private async run<T>(step: Running, work: (report: StepReport) => Promise<T>): Promise<T> {
    return work((detail) => {
      step.detail = plainText(detail);
    });
  }

  private end(step: Running, failure: { error?: string }): void {
    const ms = this.now() - step.begun;
    const outcome = failure.error === undefined ? 'ok' : 'failed';
    this.steps.push({ title: step.title, ms, outcome });
    const reason = failure.error === undefined ? '' : `: ${shortened(failure.error)}`;
    if (!this.quiet || outcome === 'failed')
      this.print(`${outcome === 'ok' ? 'done ' : 'FAILED'}  ${step.title}  (${(ms / 1000).toFixed(1)} s)${reason}`);
    this.record({ type: 'step', title: step.title, ms, outcome, ...failure });
  }

  private record(step: StepRecord): void {
    if (this.recorder === undefined) this.unrecorded.push(step);
    else this.recorder(step);
  }

  private print(text: string): void {
    this.line.print(`${clock(this.now() - this.started).padStart(5)}  ${plainText(text)}`);
    if (this.running.size === 0) this.line.clear();
  }

  private tick(): void {
    if (this.quiet) return;
    this.frame += 1;
    if (this.line.live) this.redraw();
    else for (const step of this.running) this.beat(step);
  }

  private redraw(): void {
    const [newest, ...others] = [...this.running].reverse();
    if (newest === undefined) {
      this.line.clear();
      return;
    }
    const also = others.length === 0 ? '' : `  (and ${others.map((step) => step.title).join(', ')})`;
    this.line.show(`${frames[this.frame % frames.length] ?? ''} ${this.said(newest)}${also}`);
  }

  private beat(step: Running): void {
    if (this.now() - step.beat < heartbeatMs) return;
    step.beat = this.now();
    this.print(`still  ${this.said(step)}`);
  }

  private said(step: Running): string {
    const detail = step.detail === '' ? '' : `: ${step.detail}`;
    return `${clock(this.now() - step.begun)} ${step.title}${detail}`;
  }
}

const reasonLimit = 600;

/** Others may run on for minutes before the whole error is told; what a command said last stands at its end. */
const shortened = (reason: string): string =>
  reason.length > reasonLimit ? `${reason.slice(0, reasonLimit / 2)} … ${reason.slice(-reasonLimit / 2)}` : reason;

function repeat(ms: number, tick: () => void): () => void {
  const timer = setInterval(tick, ms);
  timer.unref();
  return () => clearInterval(timer);
}
