import { defaultCacheRoot } from '../images/store.ts';
import { ok, type HostCheck } from './host-check.ts';
import type { Host } from './host.ts';

const gib = 1024 ** 3;
/** A cold Calico build needs 14 GiB of cache, compiler cache and Docker store; 20 leaves room for a second CNI. */
const wantedBytes = 20 * gib;
const requiredBytes = 8 * gib;
/** Every systemd, kubelet and container takes some; distributions' 128 ends at the second or third node. */
export const wantedInotify = 512;
const sysResourceBit = 24n;

/** Returns the checks on disk, memory limits, cgroups and capabilities. */
export async function checkMachine(host: Host): Promise<readonly HostCheck[]> {
  return Promise.all([platform(host), disk(host), cgroup(host), sysResource(host), inotify(host)]);
}

function platform(host: Host): Promise<HostCheck> {
  if (host.platform === 'linux') return Promise.resolve(ok('platform', 'operating system', 'linux'));
  return Promise.resolve({
    id: 'platform',
    title: 'operating system',
    state: 'warn',
    found: host.platform,
    neededBy: 'source',
    remedy: 'images are built on Linux only: use --images registry here',
  });
}

async function disk(host: Host): Promise<HostCheck> {
  const folder = defaultCacheRoot(host.env);
  const free = await host.freeBytes(folder);
  const found = `${(free / gib).toFixed(1)} GiB free at ${folder}`;
  if (free >= wantedBytes) return ok('disk', 'disk space', found);
  const state = free < requiredBytes ? 'missing' : 'warn';
  const remedy = `free up to ${wantedBytes / gib} GiB (\`ordeal images prune\` helps), or point XDG_CACHE_HOME elsewhere`;
  return { id: 'disk', title: 'disk space', state, found, neededBy: 'run', remedy };
}

/** Returns 1, 2, or 0 where no cgroup file system is mounted. */
export async function cgroupVersion(host: Host): Promise<0 | 1 | 2> {
  const mounts = (await host.read('/proc/self/mounts')) ?? '';
  if (/ \/sys\/fs\/cgroup cgroup2 /.test(mounts)) return 2;
  return / cgroup /.test(mounts) ? 1 : 0;
}

async function cgroup(host: Host): Promise<HostCheck> {
  const version = await cgroupVersion(host);
  if (version !== 0) return ok('cgroup', 'cgroups', `v${version}`);
  const remedy = 'mount cgroups: Docker cannot start containers without them';
  return { id: 'cgroup', title: 'cgroups', state: 'missing', found: 'none mounted', neededBy: 'run', remedy };
}

/** Returns whether containers here can be given CAP_SYS_RESOURCE. */
export async function hasSysResource(host: Host): Promise<boolean> {
  const bounding = /^CapBnd:\s*([0-9a-f]+)/m.exec((await host.read('/proc/self/status')) ?? '')?.[1] ?? '0';
  return ((BigInt(`0x${bounding}`) >> sysResourceBit) & 1n) === 1n;
}

async function sysResource(host: Host): Promise<HostCheck> {
  const has = await hasSysResource(host);
  const found = has ? 'in the bounding set' : 'absent: Docker older than 24 cannot run privileged containers here';
  return { ...ok('sys-resource', 'CAP_SYS_RESOURCE', found, 'nothing'), state: 'ok' };
}

async function inotify(host: Host): Promise<HostCheck> {
  const path = '/proc/sys/fs/inotify/max_user_instances';
  const limit = Number(((await host.read(path)) ?? '0').trim());
  if (limit === 0 || limit >= wantedInotify) return ok('inotify', 'inotify instances', String(limit), 'nothing');
  return {
    id: 'inotify',
    title: 'inotify instances',
    state: 'warn',
    found: `limit ${limit}`,
    neededBy: 'nothing',
    remedy: `with three nodes or more: sysctl -w fs.inotify.max_user_instances=${wantedInotify}`,
  };
}
