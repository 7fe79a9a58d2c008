import { OrdealError } from '../base/errors.ts';
import { withLock } from '../images/lock.ts';
import { openStore, type Store } from '../images/store.ts';
import type { Progress } from '../base/progress.ts';
import { type Timeouts, timeoutsInForce } from '../base/timeouts.ts';
import { planInstall, runInstall } from './apt-install.ts';
import { blockers, checkHost, type Need } from './check.ts';
import { dockerState } from './docker.ts';
import type { HostCheck } from './host-check.ts';
import { distribution, thisHost, type Host } from './host.ts';
import { checkMachine, wantedInotify } from './machine.ts';
import { startDocker } from './start-docker.ts';

export interface FixOptions {
  /** False forbids installing packages; starting an installed engine stays allowed. */
  readonly install: boolean;
  readonly need?: Need;
  readonly timeouts?: Pick<Timeouts, 'dockerStartMs'>;
  /** Seams for tests. */
  readonly host?: Host;
  readonly start?: typeof startDocker;
  readonly installer?: typeof runInstall;
  readonly store?: Store;
}

/**
 * Makes this machine able to run: installs what is missing (root on Debian or Ubuntu only), starts the Docker Engine.
 * Says what it will change before it does. Returns the checks afterwards. @throws OrdealError ENVIRONMENT with each remaining
 * blocker and its remedy.
 */
export async function fixHost(progress: Progress, options: FixOptions): Promise<readonly HostCheck[]> {
  const host = options.host ?? thisHost();
  const need = options.need ?? { source: true, wheels: false };
  await raiseInotify(host, progress, options);
  const before = await checkHost(host);
  if (blockers(before, need).length === 0) return before;
  await withLock(options.store ?? openStore(), 'doctor', async () => {
    await installMissing(host, progress, options, blockers(await checkHost(host), need));
    await startEngine(host, progress, options);
    await preferDebianClient(host, progress);
  });
  const after = await checkHost(host);
  const left = blockers(after, need);
  if (left.length > 0) throw notReady(left);
  return after;
}

/** Several nodes on one kernel share this limit; kind documents the failures that the distributions' 128 brings. */
async function raiseInotify(host: Host, progress: Progress, options: FixOptions): Promise<void> {
  const low = (await checkMachine(host)).some(({ id, state }) => id === 'inotify' && state === 'warn');
  if (!low || host.uid !== 0 || !options.install) return;
  const setting = `fs.inotify.max_user_instances=${wantedInotify}`;
  progress.note(`will set ${setting} until the next boot`);
  await host.run(['sysctl', '-q', '-w', setting]);
}

async function installMissing(
  host: Host,
  progress: Progress,
  options: FixOptions,
  missing: readonly HostCheck[],
): Promise<void> {
  const packages = [
    ...new Set([...missing.flatMap((check) => check.packages ?? []), ...(await dockerPackages(host, missing))]),
  ];
  if (packages.length === 0) return;
  const { debianLike } = await distribution(host);
  const allowed = options.install && host.uid === 0 && debianLike;
  if (!allowed) throw notReady(missing);
  const plan = await planInstall(host, packages);
  for (const line of plan.announcements) progress.note(line);
  await (options.installer ?? runInstall)(host, plan, progress);
}

/** Debian ships engine and client apart since trixie; the one that is there is kept. */
async function dockerPackages(host: Host, missing: readonly HostCheck[]): Promise<readonly string[]> {
  if (!missing.some(({ id }) => id === 'docker') || host.env.DOCKER_HOST !== undefined) return [];
  const state = await dockerState(host);
  const client = (await host.run(['sh', '-c', 'command -v docker'])).code === 0;
  if (state.kind === 'not-running' && state.engine) return [];
  if (state.kind === 'no-rights') return [];
  if (state.kind === 'api-mismatch') return ['docker-cli'];
  return client || !(await splitClient(host)) ? ['docker.io'] : ['docker.io', 'docker-cli'];
}

async function splitClient(host: Host): Promise<boolean> {
  const { id } = await distribution(host);
  return id === 'debian';
}

async function startEngine(host: Host, progress: Progress, options: FixOptions): Promise<void> {
  const state = await dockerState(host);
  if (state.kind !== 'not-running' || !state.engine || host.uid !== 0 || host.env.DOCKER_HOST !== undefined) return;
  const { dockerStartMs } = options.timeouts ?? timeoutsInForce();
  progress.note('will start the Docker Engine');
  await progress.step('start the Docker Engine', () => (options.start ?? startDocker)(host, dockerStartMs));
}

/** A client elsewhere on PATH may be too old or new for the engine; the one of the engine's own release is not. */
async function preferDebianClient(host: Host, progress: Progress): Promise<void> {
  if ((await dockerState(host)).kind !== 'api-mismatch') return;
  if ((await host.run(['/usr/bin/docker', 'version'])).code !== 0) return;
  progress.note('will use /usr/bin/docker: the client first on PATH does not fit the engine');
  host.env.PATH = `/usr/bin:${host.env.PATH ?? ''}`;
}

function notReady(left: readonly HostCheck[]): OrdealError {
  const lines = left.map(({ title, found }) => `${title}: ${found}`);
  const remedies = left.map(({ remedy }) => remedy).filter((remedy) => remedy !== undefined);
  return new OrdealError('ENVIRONMENT', `this machine is not ready: ${lines.join('; ')}`, {
    remedy: [...new Set(remedies)].join('; '),
  });
}
