import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { runCommand } from './command.ts';
import type { Act } from './run-upgrade.ts';

/** The user's own command; one that does not end with 0 has failed. */
export function commandAct(argv: readonly string[], graceMs: number): Act {
  return async (ears, signal) => {
    const { exitCode, signal: killed } = await runCommand(argv, ears, { signal, graceMs });
    if (exitCode === 0) return undefined;
    return `the command failed: it ended ${killed === undefined ? `with ${exitCode}` : `by ${killed}`}`;
  };
}

/** Somebody upgrades by other means, and this waits. */
export function timeAct(ms: number): Act {
  return async (_, signal) => {
    await pause(ms, undefined, { signal }).catch(() => undefined);
    return undefined;
  };
}

/** The same, until Enter is pressed or standard input ends. */
export function enterAct(input: NodeJS.ReadableStream, say: (line: string) => void): Act {
  return async (_, signal) => {
    say('sampling; press Enter when the upgrade is done');
    input.resume();
    await Promise.race([once(input, 'data', { signal }), once(input, 'end', { signal })]).catch(() => undefined);
    input.pause();
    return undefined;
  };
}

/** Nothing happens that is known of: it is only watched, until somebody stops that. */
export function untilStoppedAct(): Act {
  return async (_, signal) => {
    if (!signal.aborted) await once(signal, 'abort');
    return undefined;
  };
}
