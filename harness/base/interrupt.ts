import { exitCodeOf, ExitCode, internalErrorCode, OrdealError } from './errors.ts';

/** Turns the first Ctrl-C (or SIGTERM, SIGHUP) into an abort that lets everything clean up; a second one leaves at once. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Listens no longer. */
  stop(): void;
}

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A terminal signals the launcher and this process, and the launcher passes its own on: both are one. */
const echoMs = 1_000;
const listening = new Set<AbortController>();

/** Listens until stopped. The second signal exits 130 without clean-up: `ordeal clean` sweeps what that leaves. */
export function onInterrupt(say: (line: string) => void): Interrupt {
  const controller = new AbortController();
  let first = 0;
  const handle = (name: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      first = performance.now();
      say(`${name}: stopping and cleaning up; once more to leave at once (then run \`ordeal clean\`)`);
      controller.abort();
    } else if (performance.now() - first > echoMs) process.exit(ExitCode.interrupted);
  };
  for (const name of names) process.on(name, handle);
  listening.add(controller);
  return {
    signal: controller.signal,
    stop: () => {
      listening.delete(controller);
      for (const name of names) process.off(name, handle);
    },
  };
}

/**
 * Lets an error that nobody caught end this process, once what is under way has cleaned up: with 70, or the code of an error
 * that is no defect (a full disk). Node itself would say 1, which is a verdict.
 */
export function onUncaught(say: (error: unknown) => void): void {
  let code: number | undefined;
  const handle = (error: unknown): void => {
    say(error);
    const isFirst = code === undefined;
    code ??= error instanceof OrdealError ? exitCodeOf(error) : internalErrorCode;
    if (!isFirst) return;
    process.on('exit', () => (process.exitCode = code));
    if (listening.size === 0) process.exit(code);
    for (const controller of listening) controller.abort();
  };
  process.on('uncaughtException', handle);
  process.on('unhandledRejection', handle);
}
