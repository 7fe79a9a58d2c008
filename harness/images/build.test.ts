import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Component } from '../../clusters/component.ts';
import { OrdealError } from '../base/errors.ts';
import { build } from './build.ts';
import { runCommand } from './command.ts';
import { writeArchive } from './archive.ts';
import { quietProgress, withFakeBuild, type FakeBuild } from './fake-build.test-support.ts';

const component = (name: string): Component => ({
  name,
  version: '1',
  go: { moduleDir: name, binaries: [{ name, package: `example.org/${name}` }] },
  images: {
    [`ordeal.test/${name}:1`]: {
      base: 'scratch',
      files: [{ source: { from: 'binary', component: name, binary: name }, to: `/${name}` }],
      entrypoint: [`/${name}`],
    },
  },
});

/** A compiler that writes the program's name into the program. */
async function fakeGo(argv: readonly string[]): Promise<string | undefined> {
  if (!argv.includes('build')) return undefined;
  const target = argv[argv.indexOf('-o') + 1] ?? '';
  const name = (argv.at(-1) ?? '').split('/').at(-1) ?? '';
  await writeFile(join(target, name), name);
  return '';
}

async function modules({ context }: FakeBuild, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(context.clusters, 'modules', name), { recursive: true });
    await writeFile(join(context.clusters, 'modules', name, 'go.mod'), `module ${name}\n`);
  }
}

const compiles = (fake: FakeBuild) => fake.commands.filter((command) => command.includes('go build')).length;

describe('images/build', () => {
  it('builds once, then takes everything from the cache', () =>
    withFakeBuild([component('a'), component('b')], fakeGo, async (fake) => {
      await modules(fake, ['a', 'b']);
      const options = { progress: quietProgress(), context: fake.context };
      const first = await build(fake.context.components, options);
      const second = await build(fake.context.components, options);
      expect(first.map(({ tag }) => tag)).to.deep.equal(['ordeal.test/a:1', 'ordeal.test/b:1']);
      expect(second).to.deep.equal(first);
      expect(compiles(fake)).to.equal(2);
    }));

  it('rebuilds only what a changed module leads to', () =>
    withFakeBuild([component('a'), component('b')], fakeGo, async (fake) => {
      await modules(fake, ['a', 'b']);
      const options = { progress: quietProgress(), context: fake.context };
      await build(fake.context.components, options);
      await writeFile(join(fake.context.clusters, 'modules/b/go.mod'), 'module b\nrequire x v1.2.3\n');
      await build(fake.context.components, options);
      expect(fake.commands.filter((command) => command.endsWith('example.org/a'))).to.have.length(1);
      expect(fake.commands.filter((command) => command.endsWith('example.org/b'))).to.have.length(2);
    }));

  it('keeps what was built when another component fails, and resumes there', () => {
    let broken = true;
    const answer = (argv: readonly string[]) => {
      if (broken && argv.at(-1) === 'example.org/b') return new OrdealError('IMAGE_BUILD', 'building b failed');
      return fakeGo(argv);
    };
    return withFakeBuild([component('a'), component('b')], answer, async (fake) => {
      await modules(fake, ['a', 'b']);
      const options = { progress: quietProgress(), context: fake.context };
      const failure: unknown = await build(fake.context.components, options).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(OrdealError).with.property('code', 'IMAGE_BUILD');
      broken = false;
      await build(fake.context.components, options);
      expect(fake.commands.filter((command) => command.endsWith('example.org/a'))).to.have.length(1);
    });
  });

  it('two builds at once compile once', () =>
    withFakeBuild([component('a')], fakeGo, async (fake) => {
      await modules(fake, ['a']);
      const options = { progress: quietProgress(), context: fake.context };
      await Promise.all([build(fake.context.components, options), build(fake.context.components, options)]);
      expect(compiles(fake)).to.equal(1);
    }));

  it('writes the same archive twice, each shared layer once', () =>
    withFakeBuild([component('a')], fakeGo, async (fake) => {
      await modules(fake, ['a']);
      const [image] = await build(fake.context.components, { progress: quietProgress(), context: fake.context });
      if (image === undefined) throw new Error('nothing was built');
      const files = ['1.tar', '2.tar'].map((name) => join(fake.context.store.root, name));
      for (const file of files) await writeArchive(fake.context, [image, { ...image, tag: 'ordeal.test/b:1' }], file);
      const [one, two] = await Promise.all(files.map((file) => readFile(file)));
      expect(one?.equals(two ?? Buffer.of())).to.equal(true);
      const members = await fake.context.run('test', ['tar', '--list', `--file=${files[0] ?? ''}`]);
      expect(members.split('\n').filter((name) => name.endsWith('.tar'))).to.have.length(1);
    }));
});

describe('images/command', () => {
  it('says component, command and last lines', async () => {
    const failure: unknown = await runCommand('etcd', ['sh', '-c', 'echo before; echo broken >&2; exit 3']).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(OrdealError).with.property('code', 'IMAGE_BUILD');
    expect(String(failure)).to.include('etcd failed').and.include('broken').and.include('sh -c');
  });

  it('says so when the program is missing', async () => {
    const failure: unknown = await runCommand('etcd', ['ordeal-no-such-program']).catch((error: unknown) => error);
    expect(String(failure)).to.include('ordeal-no-such-program').and.include('ENOENT');
  });
});
