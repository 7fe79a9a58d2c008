import { ExitCode } from './errors.ts';

/** Turns the first Ctrl-C (or SIGTERM) into an abort that lets everything clean up; a second one leaves at once. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Listens no longer. */
  stop(): void;
}

/** Listens until stopped. The second signal exits 130 without clean-up: `ordeal clean` sweeps what that leaves. */
export function onInterrupt(say: (line: string) => void): Interrupt {
  const controller = new AbortController();
  const handle = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(ExitCode.interrupted);
    say(`${name}: stopping and cleaning up; once more to leave at once (then run \`ordeal clean\`)`);
    controller.abort();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    stop: () => {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
