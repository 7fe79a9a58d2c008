import type { Answer, Host } from './host.ts';

export interface FakeMachine {
  readonly files?: Readonly<Record<string, string>>;
  /** Answer by the command's start; what nothing matches is a missing program. */
  readonly commands?: Readonly<Record<string, Partial<Answer>>>;
  readonly uid?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly freeBytes?: number;
  readonly platform?: string;
}

const bookworm = 'ID=debian\nVERSION_CODENAME=bookworm\n';

/** Everything a healthy bookworm container answers; tests change single facts. */
export const healthyCommands: Readonly<Record<string, Partial<Answer>>> = {
  'docker version': { out: '26.1.5' },
  'sh -c command -v': { out: '/usr/bin/it' },
  'go version': { out: 'go version go1.26.8 linux/amd64' },
};

const healthyFiles: Readonly<Record<string, string>> = {
  '/etc/os-release': bookworm,
  '/proc/self/status': 'CapBnd:\t000001fffeffffff\n',
  '/proc/self/mounts': 'cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n',
  '/proc/sys/fs/inotify/max_user_instances': '1024\n',
  '/proc/sys/kernel/osrelease': '6.1\n',
  '/boot/config-6.1': 'CONFIG_VXLAN=y\n# CONFIG_IP_VS is not set\nCONFIG_NET_IPIP=m\n',
};

/** Returns a machine that exists only in a test, and the commands it was given. */
export function fakeHost(machine: FakeMachine = {}): { host: Host; asked: string[] } {
  const files = { ...healthyFiles, ...machine.files };
  const commands = { ...healthyCommands, ...machine.commands };
  const asked: string[] = [];
  const host: Host = {
    platform: machine.platform ?? 'linux',
    uid: machine.uid ?? 0,
    env: machine.env ?? {},
    run: (argv) => {
      const line = argv.join(' ');
      asked.push(line);
      const starts = Object.keys(commands).filter((start) => line.startsWith(start));
      const best = starts.toSorted((a, b) => b.length - a.length)[0];
      const found = best === undefined ? { code: 127 } : commands[best];
      return Promise.resolve({ code: 0, out: '', err: '', ...found });
    },
    read: (path) => Promise.resolve(files[path]),
    readBytes: () => Promise.resolve(undefined),
    freeBytes: () => Promise.resolve(machine.freeBytes ?? 100 * 1024 ** 3),
  };
  return { host, asked };
}
