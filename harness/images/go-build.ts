import { mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Component, GoBinary } from '../../clusters/component.ts';
import { OrdealError } from '../base/errors.ts';
import { componentNamed, type BuildContext } from './context.ts';
import { hashTree, keyOf } from './key.ts';
import { withLock } from './lock.ts';
import { builderVersion, ensureEntry, exists } from './store.ts';

type Go = NonNullable<Component['go']>;

/** Returns the folder of a component's own Go module in this repository. */
export function moduleFolder(context: BuildContext, go: Go): string {
  return join(context.clusters, 'modules', go.moduleDir);
}

/** Returns the content key of a component's binaries: declaration, go.mod, go.sum and own sources, architecture. */
export async function binariesKey(context: BuildContext, component: Component): Promise<string> {
  const go = goOf(component);
  const sources = await hashTree(moduleFolder(context, go));
  return keyOf({ builderVersion, arch: context.arch, binaries: go.binaries, sources });
}

/** Returns the folder that holds the component's binaries, compiling what the cache lacks. @throws OrdealError IMAGE_BUILD. */
export async function ensureBinaries(context: BuildContext, component: Component): Promise<string> {
  const key = `${component.name}-${await binariesKey(context, component)}`;
  const ready = context.store.path('bin', key);
  if (await exists(ready)) return ready;
  return context.compile.run(() =>
    withLock(context.store, key, () =>
      ensureEntry(context.store, 'bin', key, (target) => compile(context, component, target)),
    ),
  );
}

async function compile(context: BuildContext, component: Component, target: string): Promise<void> {
  const go = goOf(component);
  await mkdir(target, { recursive: true });
  for (const group of groupBinaries(go.binaries, go.moduleDir)) {
    context.report(`${component.name}: compiling ${group.map(({ name }) => name).join(', ')}`);
    await compileGroup(context, component, group, target);
  }
}

async function compileGroup(
  context: BuildContext,
  component: Component,
  group: readonly GoBinary[],
  target: string,
): Promise<void> {
  const go = goOf(component);
  await context.run(
    component.name,
    ['nice', 'go', 'build', ...goFlags(group), '-o', `${target}/`, ...packagesOf(group)],
    {
      cwd: moduleFolder(context, go),
      env: goEnvironment(context, group),
      onLine: (line) => context.report(`${component.name}: ${line}`),
    },
  );
  for (const binary of group) {
    const made = execName(binary.package, go.moduleDir);
    if (made !== binary.name) await rename(join(target, made), join(target, binary.name));
  }
}

/** An older Go fetches the one go.mod names, through its own proxy; Debian's is configured not to. */
const toolchain = { GOWORK: 'off', GOTOOLCHAIN: process.env.GOTOOLCHAIN ?? 'auto' };

const packagesOf = (group: readonly GoBinary[]) => group.map((binary) => binary.package);

function goEnvironment(context: BuildContext, [first]: readonly GoBinary[]): Readonly<Record<string, string>> {
  return { CGO_ENABLED: first?.cgo === true ? '1' : '0', GOOS: 'linux', GOARCH: context.arch, ...toolchain };
}

function goFlags([first]: readonly GoBinary[]): readonly string[] {
  const stamps = Object.entries(first?.stamp ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const link = ['-s', '-w', ...stamps, ...(first?.static === true ? ['-extldflags "-static"'] : [])];
  const tags = first?.tags === undefined ? [] : ['-tags', first.tags.join(',')];
  return ['-trimpath', '-buildvcs=false', ...tags, '-ldflags', link.join(' ')];
}

/** Returns binaries in groups one `go build` can make at once: same flags, no two with the same output name. */
export function groupBinaries(binaries: readonly GoBinary[], moduleDir: string): readonly (readonly GoBinary[])[] {
  const groups = new Map<string, GoBinary[]>();
  for (const binary of binaries) {
    const { tags, stamp, cgo, static: linked } = binary;
    const flags = keyOf({ tags, stamp, cgo, linked });
    const clash = (groups.get(flags) ?? []).some(
      (other) => execName(other.package, moduleDir) === execName(binary.package, moduleDir),
    );
    const group = clash ? `${flags} ${binary.name}` : flags;
    groups.set(group, [...(groups.get(group) ?? []), binary]);
  }
  return [...groups.values()];
}

/** Returns the file name `go build -o DIR/` gives a package's program: its last element that is no version. */
export function execName(packagePath: string, moduleDir: string): string {
  if (packagePath === '.' || packagePath === './') return moduleDir;
  const last = basename(packagePath);
  return /^v[2-9][0-9]*$/.test(last) ? basename(packagePath.slice(0, -last.length - 1)) : last;
}

/** Returns the published tree of a Go module at the version the component's go.mod requires, downloading it if absent. */
export async function moduleTree(context: BuildContext, componentName: string, module: string): Promise<string> {
  const go = goOf(componentNamed(context, componentName));
  const cwd = moduleFolder(context, go);
  const options = { cwd, env: toolchain };
  await context.run(componentName, ['go', 'mod', 'download', module], options);
  return (await context.run(componentName, ['go', 'list', '-m', '-f', '{{.Dir}}', module], options)).trim();
}

/** Returns a component's Go declaration. @throws OrdealError IMAGE_BUILD when it has none. */
export function goOf(component: Component): Go {
  if (component.go !== undefined) return component.go;
  throw new OrdealError('IMAGE_BUILD', `${component.name} declares no Go module`);
}
