import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Service } from './services.ts';

const errnoNames = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** Starts a Perl script that lives no longer than this process: it ends with its standard input. */
export function perl(
  script: string,
  args: readonly (string | number)[],
): ChildProcessByStdio<Writable, Readable, null> {
  return spawn('perl', ['-e', script, '--', ...args.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Returns the error code a script told by `errno <n>` (`ECONNREFUSED`), if it told one. */
export function errnoOf(said: string): string | undefined {
  const number = /^errno (\d+)/.exec(said)?.[1];
  return number === undefined ? undefined : (errnoNames.get(Number(number)) ?? `errno ${number}`);
}

/**
 * Starts a script that serves until closed, and resolves once it says `listening`. Rejects with the system's error code,
 * `ENOENT` where there is no Perl. A server that ends by itself takes the agent with it: its ports would be refused.
 */
export async function servePerl(script: string, args: readonly (string | number)[]): Promise<Service> {
  const helper = perl(script, args);
  const said = once(helper.stdout, 'data').then(([chunk]) => String(chunk));
  // Rejects with what kept it from starting (events.once).
  const ended = once(helper, 'close').then(() => 'the helper ended at once');
  const first = await Promise.race([said, ended]);
  if (!first.startsWith('listening')) throw Object.assign(new Error(first), { code: errnoOf(first) ?? first.trim() });
  const lost = () => {
    process.stderr.write('agent: the helper that serves its ports ended\n');
    process.exit(1);
  };
  helper.once('exit', lost);
  const close = () => {
    helper.off('exit', lost);
    helper.kill();
  };
  return { close };
}
