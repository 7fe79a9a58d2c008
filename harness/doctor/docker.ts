import { ok, type HostCheck } from './host-check.ts';
import { distribution, type Host } from './host.ts';
import { hasSysResource } from './machine.ts';

/** What is known of the Docker Engine here. */
export type DockerState =
  | { readonly kind: 'ready'; readonly version: string }
  | { readonly kind: 'no-client' }
  | { readonly kind: 'no-rights'; readonly said: string }
  | { readonly kind: 'api-mismatch'; readonly said: string }
  | { readonly kind: 'not-running'; readonly said: string; readonly engine: boolean };

/** Bookworm's 20.10 ends with "unable to apply caps" where CAP_SYS_RESOURCE is missing; 26.1 was verified. */
export const oldestWithoutSysResource = 24;

/** Returns the state of the Docker Engine that `docker` talks to. */
export async function dockerState(host: Host): Promise<DockerState> {
  const answer = await host.run(['docker', 'version', '--format', '{{.Server.Version}}']);
  if (answer.code === 127) return { kind: 'no-client' };
  if (answer.code === 0) return { kind: 'ready', version: answer.out.trim() };
  const said = answer.err.trim().split('\n')[0] ?? '';
  if (/permission denied/i.test(said)) return { kind: 'no-rights', said };
  if (/(client|server).*API version|too (old|new)/i.test(said)) return { kind: 'api-mismatch', said };
  const engine = (await host.run(['sh', '-c', 'command -v dockerd'])).code === 0;
  return { kind: 'not-running', said, engine };
}

/** Returns whether something on this machine starts services. */
export async function initRuns(host: Host): Promise<boolean> {
  return (await host.run(['test', '-d', '/run/systemd/system'])).code === 0;
}

/** Returns what to tell a person about Docker. */
export async function checkDocker(host: Host): Promise<HostCheck> {
  const state = await dockerState(host);
  const base = { id: 'docker', title: 'Docker Engine', neededBy: 'run' } as const;
  switch (state.kind) {
    case 'ready':
      return ready(host, state.version);
    case 'no-client':
      return { ...base, state: 'missing', found: 'no docker command', remedy: await installRemedy(host) };
    case 'no-rights':
      return {
        ...base,
        state: 'missing',
        found: state.said,
        remedy: 'run as root, or join the group `docker` and log in again',
      };
    case 'api-mismatch':
      return {
        ...base,
        state: 'missing',
        found: state.said,
        remedy: 'use the docker client of the same release as the engine (Debian: docker-cli)',
      };
    case 'not-running':
      return { ...base, state: 'missing', found: state.said, remedy: await startRemedy(host, state.engine) };
  }
}

async function ready(host: Host, version: string): Promise<HostCheck> {
  const fits = (await hasSysResource(host)) || Number(version.split('.')[0]) >= oldestWithoutSysResource;
  if (fits) return ok('docker', 'Docker Engine', version);
  return {
    id: 'docker',
    title: 'Docker Engine',
    state: 'missing',
    found: `${version}, and this machine lacks CAP_SYS_RESOURCE`,
    neededBy: 'run',
    remedy: `install Docker Engine ${oldestWithoutSysResource} or newer (\`ordeal doctor --fix\` does on Debian)`,
  };
}

async function installRemedy(host: Host): Promise<string> {
  if (host.platform === 'darwin') return 'install Docker Desktop (or colima) and start it';
  if (!(await distribution(host)).debianLike)
    return "install Docker Engine 24 or newer with your distribution's package manager and start it";
  return host.uid === 0
    ? 'run `ordeal doctor --fix`'
    : 'run `ordeal doctor --fix` as root, or `apt-get install docker.io`';
}

async function startRemedy(host: Host, engine: boolean): Promise<string> {
  if (host.env.DOCKER_HOST !== undefined)
    return `DOCKER_HOST is ${host.env.DOCKER_HOST}: start that engine, or unset it`;
  if (host.platform === 'darwin') return 'start Docker Desktop (or colima)';
  if (!engine) return installRemedy(host);
  const how = (await initRuns(host)) ? '`systemctl start docker`' : '`dockerd &`';
  return host.uid === 0 ? `run \`ordeal doctor --fix\`, or ${how}` : `as root: ${how}`;
}
