import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { OrdealError } from '../base/errors.ts';
import { defaultCacheRoot } from '../images/store.ts';
import { dockerState, initRuns } from './docker.ts';
import type { Host } from './host.ts';

const pollMs = 200;

/** Where the engine that Ordeal started writes its log, and where its pid is remembered. */
export const dockerdFiles = (env: NodeJS.ProcessEnv): { log: string; pid: string } => ({
  log: join(defaultCacheRoot(env), 'dockerd.log'),
  pid: join(defaultCacheRoot(env), 'dockerd.pid'),
});

/**
 * Starts the Docker Engine, by the init system where one runs, else detached with its log in the cache folder, and
 * waits until it answers. @throws OrdealError ENVIRONMENT with the engine's last lines.
 */
export async function startDocker(host: Host, timeoutMs: number): Promise<void> {
  if (await initRuns(host)) {
    await host.run(['systemctl', 'start', 'docker'], timeoutMs);
    return awaitDocker(host, timeoutMs, () => false);
  }
  const engine = await detached(host);
  return awaitDocker(host, timeoutMs, () => engine.exitCode !== null || engine.pid === undefined);
}

/**
 * A container has no init: the engine becomes a session of its own, so that no Ctrl-C of ours reaches it. It outlives the
 * run that starts it, whose temporary folder it would miss with the next container.
 */
async function detached(host: Host): Promise<ChildProcess> {
  const files = dockerdFiles(host.env);
  await mkdir(defaultCacheRoot(host.env), { recursive: true });
  if (await isStalePid(host)) await rm(pidFile, { force: true });
  const log = openSync(files.log, 'a');
  const env = { ...process.env, TMPDIR: undefined };
  const child = spawn('dockerd', [], { cwd: '/', env, detached: true, stdio: ['ignore', log, log] });
  child.on('error', () => undefined);
  child.unref();
  closeSync(log);
  await writeFile(files.pid, `${child.pid ?? ''}\n`);
  return child;
}

/**
 * After a killed container the pid file may name some other process of today: the engine would refuse to start. One on another
 * disk than this container's own was mounted here: it is of an engine elsewhere, whose process is not to be seen. Exported for
 * its test.
 */
export async function isStalePid(host: Host): Promise<boolean> {
  const pid = (await host.read(pidFile))?.trim();
  if (pid === undefined) return false;
  const name = (await host.read(`/proc/${pid}/comm`))?.trim();
  if (name === 'dockerd') return false;
  const { out } = await host.run(['stat', '-L', '-c', '%d', '/', pidFile]);
  const [own, its] = out.trim().split('\n');
  return own === its;
}

const pidFile = '/var/run/docker.pid';

async function awaitDocker(host: Host, timeoutMs: number, ended: () => boolean): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const state = await dockerState(host);
    if (state.kind === 'ready') return;
    if (ended() || Date.now() > deadline) throw await notUp(host, timeoutMs);
    await pause(pollMs);
  }
}

async function notUp(host: Host, timeoutMs: number): Promise<OrdealError> {
  const { log } = dockerdFiles(host.env);
  const text = await readFile(log, 'utf8').catch(() => 'it wrote no log');
  const tail = text.trimEnd().split('\n').slice(-6).join('\n  ');
  return new OrdealError(
    'ENVIRONMENT',
    `the Docker Engine did not come up (waited at most ${timeoutMs} ms); its last lines:\n  ${tail}`,
    {
      remedy: `read ${log}; another engine or an old socket may be in the way`,
    },
  );
}
