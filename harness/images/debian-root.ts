import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianPrune, debianSuite } from '../../clusters/components/base.ts';
import { aptEnvironment, debianMirror, writeAptSide } from './apt-side.ts';
import { inRoot } from './chroot.ts';
import type { BuildContext } from './context.ts';
import { keyOf } from './key.ts';
import { withLock } from './lock.ts';
import { builderVersion, ensureEntry, exists, withScratch } from './store.ts';

/** Returns the content key of the bare Debian root. */
export const baseKey = (context: BuildContext): string =>
  keyOf({ builderVersion, arch: context.arch, suite: debianSuite, prune: debianPrune });

/** Returns the folder of the bare Debian root (with package lists), making it once by debootstrap. */
export async function ensureBaseRoot(context: BuildContext): Promise<string> {
  const name = `debian-${baseKey(context)}`;
  const ready = context.store.path('roots', name);
  if (await exists(ready)) return ready;
  return context.install.run(() =>
    withLock(context.store, name, () =>
      ensureEntry(context.store, 'roots', name, (target) => bootstrap(context, target)),
    ),
  );
}

async function bootstrap(context: BuildContext, target: string): Promise<void> {
  const { archive, proxy } = await debianMirror(context);
  const keyring = archive?.signedBy?.startsWith('/') === true ? [`--keyring=${archive.signedBy}`] : [];
  const from = archive === undefined ? [] : [archive.uri];
  context.report('debian: debootstrap');
  await context.run(
    'debian',
    ['nice', 'debootstrap', '--variant=minbase', `--arch=${context.arch}`, ...keyring, debianSuite, target, ...from],
    {
      env: proxy === undefined ? {} : { http_proxy: proxy },
      onLine: (line) => context.report(`debian: ${line}`),
    },
  );
  await neutralise(target);
  await withScratch(context.store, async (side) => {
    await writeAptSide(context, side);
    await inRoot(context, 'debian', { root: target, side, env: aptEnvironment }, 'apt-get update; apt-get clean');
  });
}

/** debootstrap copies this machine's names and mirror into the root; an image must not know them. */
async function neutralise(root: string): Promise<void> {
  await writeFile(join(root, 'etc/resolv.conf'), '');
  await writeFile(join(root, 'etc/hosts'), '127.0.0.1 localhost\n::1 localhost\n');
  await writeFile(join(root, 'etc/hostname'), 'ordeal\n');
  await writeFile(join(root, 'etc/apt/sources.list'), '');
  // Package scripts must not start daemons inside the root; pruned from every image.
  await writeFile(join(root, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const dropped = debianPrune.filter((path) => path.startsWith('usr/share/')).map((path) => `path-exclude=/${path}/*`);
  await writeFile(join(root, 'etc/dpkg/dpkg.cfg.d/ordeal'), `${dropped.join('\n')}\n`);
}

/** Copies the bare root to `target` and installs packages into the copy. @throws OrdealError IMAGE_BUILD. */
export async function installRoot(
  context: BuildContext,
  component: string,
  packages: readonly string[],
  target: string,
): Promise<void> {
  const base = await ensureBaseRoot(context);
  await context.run(component, ['cp', '-a', '--reflink=auto', base, target]);
  if (packages.length === 0) return;
  await context.install.run(() =>
    withScratch(context.store, async (side) => {
      await writeAptSide(context, side);
      const install = `apt-get install -y -q ${packages.join(' ')}`;
      // Lists may be older than the mirror: a second try with fresh ones is the cure for a 404.
      const script = `${install} || { apt-get update; ${install}; }; apt-get clean`;
      await inRoot(context, component, { root: target, side, env: aptEnvironment }, script);
    }),
  );
}
