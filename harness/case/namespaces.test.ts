import { expect } from 'chai';
import { fakeKube } from '../cluster/fake-kube.test-support.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import { Timeouts } from '../base/timeouts.ts';
import { Namespaces } from './namespaces.ts';

/** An API server whose deleted namespaces stay for some more lists. */
function slowly(listsToGo: number): { kube: Kube; lists: () => number } {
  const there = new Map<string, KubeObject>();
  const leaving = new Set<string>();
  let lists = 0;
  const kube: Kube = {
    ...fakeKube([]),
    apply: (object) => {
      there.set(object.metadata.name ?? '', object);
      return Promise.resolve(object);
    },
    until: () => Promise.resolve(undefined),
    list: () => {
      lists += 1;
      if (lists > listsToGo) leaving.forEach((name) => there.delete(name));
      return Promise.resolve([...there.values()]);
    },
    remove: ({ name }, { awaitGone = false } = {}) => {
      leaving.add(name);
      return awaitGone && there.has(name) ? Promise.reject(new Error(`${name} is still there`)) : Promise.resolve();
    },
  };
  return { kube, lists: () => lists };
}

describe('the namespaces of a run', () => {
  const all = async (kube: Kube, namespaceGoneMs: number) => {
    const namespaces = new Namespaces(kube, 'r1', Timeouts.parse({ namespaceGoneMs }));
    for (const logical of ['a', 'b', 'c']) namespaces.remove(await namespaces.create(logical, undefined));
    await namespaces.drained();
  };

  it('are looked at together until the last is gone', async () => {
    const { kube, lists } = slowly(2);
    await all(kube, 60_000);
    expect(lists()).to.equal(4);
  });

  it('are emptied, owners first, and not deleted, where the cluster goes with the run', async () => {
    const acts: string[] = [];
    const kube: Kube = {
      ...slowly(0).kube,
      remove: ({ kind }) => Promise.resolve(void acts.push(`remove ${kind}`)),
      removeAll: ({ kind, namespace }) => Promise.resolve(void acts.push(`${namespace} ${kind}`)),
    };
    const namespaces = new Namespaces(kube, 'r1', Timeouts.parse({}), true);
    const name = await namespaces.create('a', undefined);
    namespaces.remove(name);
    await new Promise((resolve) => setImmediate(resolve));
    const kinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Service', 'Pod', 'NetworkPolicy'];
    expect(acts).to.deep.equal(kinds.map((kind) => `${name} ${kind}`));
  });

  it('are named when one stays', async () => {
    const { kube } = slowly(Infinity);
    const error: unknown = await all(kube, 50).catch((thrown: unknown) => thrown);
    expect(String(error)).to.match(/ord-r1-\d-[abc] is still there/);
  });
});
