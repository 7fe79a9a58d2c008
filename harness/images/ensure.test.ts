import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Component } from '../../clusters/component.ts';
import { OrdealError } from '../base/errors.ts';
import { decideSource, ensureImages } from './ensure.ts';
import { pulledReferences } from './references.ts';
import { quietProgress, withFakeBuild } from './fake-build.test-support.ts';
import { mirrored, parseRegistry, registryHost, type RegistryAnswer } from './registry.ts';

const layout = { base: 'scratch', files: [] } as const;
const components: readonly Component[] = [
  { name: 'stock', version: '1', role: 'stock', images: { 'registry.test/kube:1': layout } },
  { name: 'cni', version: '1', images: { 'docker.io/calico/node:v1': layout } },
  {
    name: 'node',
    version: '1',
    role: 'node',
    images: { 'ordeal.dev/node:v1': layout },
    upstream: { 'ordeal.dev/node:v1': 'quay.test/kindest/node:v1@sha256:aa' },
  },
];

const answering = (usable: (host: string) => boolean) => (host: string) =>
  Promise.resolve<RegistryAnswer>(usable(host) ? { usable: true } : { usable: false, why: `${host} is silent` });

const decide = (options: Partial<Parameters<typeof decideSource>[0]>) =>
  decideSource({ source: 'auto', components, ask: answering(() => true), ...options });

const failure = async (work: Promise<unknown>) => work.catch((error: unknown) => error);

describe('images/ensure: which source', () => {
  it('auto takes the registry when every one it needs answers', async () => {
    const { source, why } = await decide({});
    expect(source).to.equal('registry');
    expect(why).to.include('registry-1.docker.io').and.include('quay.test');
  });

  it('auto builds when one of them does not, and says which', async () => {
    const decision = await decide({ ask: answering((host) => host !== 'quay.test') });
    expect(decision).to.deep.equal({ source: 'source', why: 'quay.test is silent' });
  });

  it('asks only the mirror when one is named', async () => {
    const asked: string[] = [];
    const ask = (host: string) => {
      asked.push(host);
      return Promise.resolve<RegistryAnswer>({ usable: true });
    };
    await decide({ registry: 'mirror.test:5000/k8s/', ask });
    expect(asked).to.deep.equal(['mirror.test:5000']);
  });

  it('source asks nobody', async () => {
    const ask = () => Promise.reject<RegistryAnswer>(new Error('asked'));
    expect((await decide({ source: 'source', ask })).source).to.equal('source');
  });

  it('registry without an answer is an environment error with a remedy', async () => {
    const error = await failure(decide({ source: 'registry', ask: answering(() => false) }));
    expect(error).to.be.instanceOf(OrdealError).with.property('code', 'ENVIRONMENT');
    expect(error).to.have.property('remedy').that.includes('--registry');
  });

  it('refuses a malformed registry, whatever the source', async () => {
    for (const registry of ['https://mirror.test', 'mirror test', '', '/x', 'host:port']) {
      const error = await failure(decide({ source: 'source', registry }));
      expect(error, registry).to.be.instanceOf(OrdealError).with.property('code', 'USAGE');
    }
  });
});

/** A Docker that has every image and writes the reference into what it saves. */
async function fakeDocker(argv: readonly string[]): Promise<string | undefined> {
  if (argv[0] !== 'docker') return undefined;
  if (argv[1] === 'save') await writeFile(argv[3] ?? '', argv[4] ?? '');
  return argv[1] === 'image' ? `x@sha256:of-${argv.at(-1) ?? ''}` : '';
}

describe('images/ensure: registry mode', () => {
  it('pulls, names images as manifests do, saves each once, and says where from', () =>
    withFakeBuild(components, fakeDocker, async ({ context, commands }) => {
      const notes: string[] = [];
      const options = { source: 'auto', registry: 'm.test/p', components, context } as const;
      const ask = answering(() => true);
      const set = await ensureImages({ ...options, ask, progress: quietProgress(notes) });
      await ensureImages({ ...options, ask, progress: quietProgress() });
      expect(notes).to.deep.equal(['images: from registry (m.test answered)']);
      expect(set).to.include({ source: 'registry', nodeImage: 'm.test/p/node:v1' });
      expect(set.images.map(({ reference, inNode }) => [reference, inNode])).to.deep.equal([
        ['docker.io/calico/node:v1', false],
      ]);
      expect(await readFile(set.images[0]?.archive ?? '', 'utf8')).to.equal('docker.io/calico/node:v1');
      expect(commands.filter((command) => command.startsWith('docker save'))).to.have.length(1);
    }));
});

describe('images/registry: names', () => {
  it('pulls upstream references, and nothing a stock node image already holds', () => {
    expect(pulledReferences(components, undefined).map(({ from }) => from)).to.deep.equal([
      'docker.io/calico/node:v1',
      'quay.test/kindest/node:v1@sha256:aa',
    ]);
  });

  it('pulls our own names from a mirror, without host and digest', () => {
    expect(pulledReferences(components, 'm.test/p').map(({ from }) => from)).to.deep.equal([
      'm.test/p/calico/node:v1',
      'm.test/p/node:v1',
    ]);
    expect(mirrored('calico/node:v1@sha256:ab', 'm.test')).to.equal('m.test/calico/node:v1');
  });

  it('finds the host as Docker does', () => {
    expect(registryHost('calico/node:v1')).to.equal('registry-1.docker.io');
    expect(registryHost('docker.io/x:1')).to.equal('registry-1.docker.io');
    expect(registryHost('localhost:5000/x:1')).to.equal('localhost:5000');
    expect(registryHost('127.0.0.1:5000/a/b:1')).to.equal('127.0.0.1:5000');
  });

  it('takes HOST[:PORT][/PREFIX]', () => {
    expect(parseRegistry('127.0.0.1:5000')).to.equal('127.0.0.1:5000');
    expect(parseRegistry('mirror.test/team/k8s/')).to.equal('mirror.test/team/k8s');
  });
});
