import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildContext } from './context.ts';

/**
 * Own mount and pid namespaces, so nothing is left mounted whatever happens. /run is a tmpfs that carries the machine's
 * package configuration in and vanishes with the namespace: no mirror, proxy or certificate ever gets into an image.
 */
const enter = `
root=$1; side=$2; script=$3
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/run"
mkdir -p "$root/run/ordeal" "$root/run/lock" "$root/run/out"
[ ! -d "$side/apt" ] || cp -a "$side/apt/." "$root/run/ordeal/"
mount --bind "$side" "$root/run/out"
for file in resolv.conf hosts; do
  [ ! -f "$root/etc/$file" ] || mount --bind "/etc/$file" "$root/etc/$file"
done
exec chroot "$root" /bin/sh -euc "$script"
`;

/** What names a place on this machine must name one inside: npm test gives itself a TMPDIR that no root has. */
const environment = {
  TMPDIR: '/tmp',
  TMP: '/tmp',
  TEMP: '/tmp',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  DEBIAN_FRONTEND: 'noninteractive',
  LC_ALL: 'C',
  HOME: '/root',
};

/**
 * Runs a shell script inside a root folder and returns its stdout. `side` is a host folder seen as /run/out inside;
 * what it holds under `apt/` becomes /run/ordeal. @throws OrdealError IMAGE_BUILD with the last lines when the script fails.
 */
export async function inRoot(
  context: BuildContext,
  component: string,
  where: { readonly root: string; readonly side: string; readonly env?: Readonly<Record<string, string>> },
  script: string,
): Promise<string> {
  await mkdir(join(where.side, 'apt'), { recursive: true });
  const command = ['nice', 'unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-euc', enter, 'sh'] as const;
  return context.run(component, [...command, where.root, where.side, script], {
    env: { ...environment, ...where.env },
    shown: script,
    onLine: (line) => context.report(`${component}: ${line}`),
  });
}
