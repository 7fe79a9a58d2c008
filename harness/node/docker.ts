import { execa } from 'execa';
import { OrdealError } from '../base/errors.ts';
import type { ExecResult } from '../kube/types.ts';

export interface DockerOptions {
  readonly timeoutMs?: number;
  readonly stdin?: string;
  /** A file streamed to standard input. */
  readonly stdinFile?: string;
  readonly signal?: AbortSignal;
}

const graceMs = 2_000;

/** Runs the docker CLI; a non-zero exit is a result. @throws OrdealError ENVIRONMENT without docker, CLUSTER when late. */
export async function docker(args: readonly string[], options: DockerOptions = {}): Promise<ExecResult> {
  const input = options.stdinFile === undefined ? { input: options.stdin ?? '' } : { inputFile: options.stdinFile };
  const result = await execa('docker', args, {
    ...input,
    reject: false,
    timeout: options.timeoutMs,
    cancelSignal: options.signal,
    stripFinalNewline: false,
    forceKillAfterDelay: graceMs,
  });
  if (result.timedOut) throw late(args, options.timeoutMs ?? 0);
  if (result.isCanceled) throw new OrdealError('INTERRUPTED', `stopped: docker ${args[0] ?? ''}`);
  if (result.exitCode === undefined) throw noDocker(result.shortMessage ?? 'docker cannot be run', result);
  return { code: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}

/** Runs the docker CLI and returns its stdout. @throws OrdealError ENVIRONMENT with docker's own words. */
export async function dockerOk(args: readonly string[], options: DockerOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await docker(args, options);
  if (code === 0) return stdout;
  throw noDocker(`\`docker ${args.slice(0, 4).join(' ')}\` failed: ${stderr.trim().slice(-400)}`);
}

/** Returns the non-empty lines of a docker listing. */
export async function dockerLines(args: readonly string[]): Promise<string[]> {
  return (await dockerOk(args)).split('\n').filter((line) => line !== '');
}

/**
 * Runs a command in a node's root namespaces. With a timeout the command itself is ended on the node, not only our
 * waiting for it. @throws OrdealError CLUSTER when the node is not there, is not running, or time is up.
 */
export async function execInNode(
  node: string,
  argv: readonly string[],
  options: { timeoutMs?: number; stdin?: string } = {},
): Promise<ExecResult> {
  const { timeoutMs, stdin } = options;
  const bounded = timeoutMs === undefined ? argv : ['timeout', '-k', '1', String(timeoutMs / 1_000), ...argv];
  const interactive = stdin === undefined ? [] : ['--interactive'];
  const outer = timeoutMs === undefined ? {} : { timeoutMs: timeoutMs + graceMs };
  const result = await docker(['exec', ...interactive, node, ...bounded], { ...outer, stdin });
  if (/^Error( response from daemon|: No such container)/.test(result.stderr)) {
    throw new OrdealError('CLUSTER', `node ${node} cannot be entered: ${result.stderr.trim().slice(0, 300)}`);
  }
  if (timeoutMs !== undefined && result.code === timedOutCode) throw late(['on', node, ...argv], timeoutMs);
  return result;
}

/** Exit code of coreutils' `timeout` when it had to end the command. */
const timedOutCode = 124;

function late(args: readonly string[], timeoutMs: number): OrdealError {
  return new OrdealError('CLUSTER', `\`${args.join(' ').slice(0, 200)}\` did not end within ${timeoutMs} ms`);
}

function noDocker(said: string, cause?: unknown): OrdealError {
  const remedy = 'Is Docker running, and may this user use it? `ordeal doctor` looks; `ordeal doctor --fix` mends.';
  return new OrdealError('ENVIRONMENT', said, { remedy, cause });
}
