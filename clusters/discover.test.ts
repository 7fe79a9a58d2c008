import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { OrdealError } from '../harness/base/errors.ts';
import { discover } from './discover.ts';
import { cnis } from './index.ts';
import type { Cni } from './product.ts';

/** A whole product but for its files: what one more CNI is. */
const toy = (name: string, kind = 'cni') => `
export const product = {
  kind: '${kind}', name: '${name}', title: 'Toy', version: 'v1', components: [{ name: 'toy', version: 'v1' }],
  podCidr: '10.244.0.0/16', kubeProxyMode: 'iptables', provides: { NetworkPolicy: false },
  install: [{ source: { from: 'file', component: 'toy', module: 'example.test/toy', path: 'manifests/toy.yaml' } }],
};
`;

describe('discover', () => {
  let folder = '';
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'ordeal-products-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const write = (file: string, text: string) => writeFile(join(folder, file), text);
  const failure = async () => discover<Cni>(folder, 'cni').catch((error: unknown) => error);

  it('finds a product by its file alone, in the order of their names', async () => {
    await write('toy.ts', toy('toy'));
    await write('another.ts', toy('another'));
    await write('toy.test.ts', 'throw new Error("a test is no product");');
    expect((await discover<Cni>(folder, 'cni')).map(({ name }) => name)).to.deep.equal(['another', 'toy']);
  });

  it('names the file that declares no product, or one of another kind or name', async () => {
    for (const [text, said] of [
      ['export const other = 1;', /toy\.ts/],
      [toy('toy', 'mesh'), /toy\.ts failed: it is a mesh, not a cni/],
      [toy('doll'), /toy\.ts failed: it declares doll/],
      [toy('Not OK'), /lower-case words/],
    ] as const) {
      await rm(folder, { recursive: true });
      folder = await mkdtemp(join(tmpdir(), 'ordeal-products-'));
      await write('toy.ts', text);
      expect(await failure())
        .to.be.instanceOf(OrdealError)
        .with.property('message')
        .that.matches(said);
    }
  });

  it('finds every CNI that is a file in clusters/cni', () => {
    expect(cnis.map(({ name }) => name)).to.include.members(['calico', 'cilium', 'flannel', 'kube-router']);
  });
});
