import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { may } from '../kube/rights.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import { indispensable, lackedRights, requireRights } from './access.ts';
import { fakeKube } from './fake-kube.test-support.ts';

function kubeThatAllows(allows: (resource: string, verb: string, name?: string) => boolean): Kube {
  const create = <T extends KubeObject>(object: T): Promise<T> => {
    const { resourceAttributes: wanted } = object['spec'] as { resourceAttributes: Record<string, string> };
    const allowed = allows(wanted['resource'] ?? '', wanted['verb'] ?? '', wanted['name']);
    return Promise.resolve({ ...object, status: { allowed } });
  };
  return { ...fakeKube([]), create };
}

describe('requireRights', () => {
  it('is content with all of them', async () => {
    await requireRights(kubeThatAllows(() => true));
  });

  it('lists the missing ones by resource, and how to get them', async () => {
    const kube = kubeThatAllows((resource, verb) => resource !== 'nodes' && verb !== 'delete');
    const error: unknown = await requireRights(kube).catch((reason: unknown) => reason);
    expect(error).instanceOf(OrdealError).and.include({ code: 'ENVIRONMENT' });
    expect((error as OrdealError).message)
      .include('list nodes')
      .and.include('delete namespaces');
    expect((error as OrdealError).remedy).include('ordeal rights');
  });

  it('asks for streams with both verbs an API server may check', () => {
    const verbs = indispensable.filter(({ resource }) => resource === 'pods/portforward');
    expect(verbs.map(({ verb }) => verb)).deep.equal(['get', 'create']);
  });
});

describe('lackedRights', () => {
  it('asks for the object where the right is for one alone', async () => {
    const kube = kubeThatAllows((_, __, name) => name === 'coredns');
    const place = { namespace: 'kube-system' };
    const wanted = [
      ...may(['patch'], 'configmaps', { ...place, name: 'coredns' }),
      ...may(['patch'], 'configmaps', { ...place, name: 'other' }),
    ];
    expect((await lackedRights(kube, wanted)).map(({ name }) => name)).deep.equal(['other']);
  });
});
