import { timeoutsInForce } from '../base/timeouts.ts';
import { readFile, statfs } from 'node:fs/promises';
import { execa } from 'execa';

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What the doctor sees of a machine; tests give a fake one. */
export interface Host {
  readonly platform: string;
  readonly uid: number;
  readonly env: NodeJS.ProcessEnv;
  /** Runs a command; a missing program is code 127, never an error. */
  run(argv: readonly [string, ...string[]], timeoutMs?: number): Promise<Answer>;
  /** Returns a file's text, or undefined where it cannot be read. */
  read(path: string): Promise<string | undefined>;
  readBytes(path: string): Promise<Buffer | undefined>;
  /** Free bytes of the file system that holds `path` (or its nearest existing parent). */
  freeBytes(path: string): Promise<number>;
}

/** Returns this machine. */
export function thisHost(): Host {
  return {
    platform: process.platform,
    uid: process.getuid?.() ?? -1,
    env: process.env,
    run: runHere,
    read: (path) => readFile(path, 'utf8').catch(() => undefined),
    readBytes: (path) => readFile(path).catch(() => undefined),
    freeBytes,
  };
}

async function runHere(
  argv: readonly [string, ...string[]],
  timeoutMs = timeoutsInForce().hostCommandMs,
): Promise<Answer> {
  const [file, ...args] = argv;
  const result = await execa(file, args, { reject: false, stdin: 'ignore', timeout: timeoutMs });
  const missing = result.code === 'ENOENT';
  return { code: missing ? 127 : (result.exitCode ?? 1), out: result.stdout, err: result.stderr };
}

async function freeBytes(path: string): Promise<number> {
  const parts = path.split('/');
  for (let length = parts.length; length > 0; length -= 1) {
    const stats = await statfs(parts.slice(0, length).join('/') || '/').catch(() => undefined);
    if (stats !== undefined) return stats.bavail * stats.bsize;
  }
  return 0;
}

/** The distribution, as /etc/os-release names it. */
export interface Distribution {
  readonly id: string;
  readonly codename: string;
  readonly debianLike: boolean;
}

/** Returns the distribution this machine runs; fields are empty where nothing says. */
export async function distribution(host: Host): Promise<Distribution> {
  const text = (await host.read('/etc/os-release')) ?? '';
  const field = (name: string) => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(text)?.[1] ?? '';
  const id = field('ID');
  return { id, codename: field('VERSION_CODENAME'), debianLike: id === 'debian' || id === 'ubuntu' };
}
