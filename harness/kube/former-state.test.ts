import { expect } from 'chai';
import fc from 'fast-check';
import { changeForeign, foreignChanges, inversePatch, restoreObject } from './former-state.ts';
import type { Kube, KubeObject } from './types.ts';
import { refOf } from './verbs.ts';

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7396 section 2. */
function merged(target: unknown, patch: Fields): Fields {
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, field);
    else result[field] = isFields(value) ? merged(result[field], value) : value;
  }
  return result;
}

/** Names from few, so that patches meet what is there. */
const fields = (leaf: fc.Arbitrary<unknown>) =>
  fc.letrec<{ tree: Fields; value: unknown }>((tie) => ({
    tree: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
    value: fc.oneof({ maxDepth: 3 }, leaf, tie('tree')),
  })).tree;
/** The API server keeps no null; nor an empty object that a patch happens to leave. */
const stored = fields(fc.oneof(fc.integer(), fc.constant('x'), fc.constant(['y'])));
const patches = fields(fc.oneof(fc.integer(), fc.constant('z'), fc.constant(null)));

describe('inversePatch', () => {
  it('takes back any merge patch', () => {
    fc.assert(
      fc.property(stored, patches, (before, patch) => {
        const undone = merged(merged(before, patch), inversePatch(before, patch));
        expect(undone).to.deep.equal(before);
      }),
    );
  });
});

/** One object that somebody else made. */
function clusterOf(object: KubeObject) {
  let now: KubeObject = object;
  const kube = {
    get: () => Promise.resolve(now),
    list: ({ kind, labelSelector = '' }: { kind: string; labelSelector?: string }) =>
      Promise.resolve(kind === now.kind && labelSelector in (now.metadata.labels ?? {}) ? [now] : []),
    patch: (_: unknown, body: Fields) => Promise.resolve((now = merged(now, body) as unknown as KubeObject)),
  } as unknown as Kube;
  return { kube, now: () => now };
}

const corefile: KubeObject = {
  ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { Corefile: '.:53 {}' } },
  metadata: { name: 'coredns', namespace: 'kube-system', labels: { app: 'dns' }, annotations: { by: 'kubeadm' } },
};

describe('an object that others made', () => {
  it('is as it was, to the letter, after a change and its undoing', async () => {
    const { kube, now } = clusterOf(corefile);
    const { change, restore } = changeForeign(kube, corefile, { data: { Corefile: 'ours', more: 'x' } }, 'run-1');
    await change();
    expect(now()).to.have.nested.property('data.Corefile', 'ours');
    await restore();
    expect(now()).to.deep.equal(corefile);
    await restore();
    expect(now()).to.deep.equal(corefile);
  });

  it('is as it was after `clean`, where the run did not live to put it back', async () => {
    const { kube, now } = clusterOf(corefile);
    await changeForeign(kube, corefile, { data: { Corefile: 'ours' } }, 'run-1').change();
    const left = () => foreignChanges((kind, labelSelector) => kube.list({ ...kind, labelSelector }));
    const found = await left();
    expect(found.map(({ metadata }) => metadata.name)).to.deep.equal(['coredns']);
    for (const one of found) await restoreObject(kube, refOf({ ...one, apiVersion: 'v1', kind: 'ConfigMap' }));
    expect(now()).to.deep.equal(corefile);
    expect(await left()).to.deep.equal([]);
  });

  it('is not changed again while it carries a former state: that would be lost', async () => {
    const { kube, now } = clusterOf(corefile);
    await changeForeign(kube, corefile, { data: { Corefile: 'ours' } }, 'run-1').change();
    expect(() => changeForeign(kube, now(), { data: { Corefile: 'again' } }, 'run-2')).to.throw(/run run-1 changed it/);
  });
});
