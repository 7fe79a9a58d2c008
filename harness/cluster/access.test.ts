import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import { neededRights, requireRights } from './access.ts';
import { fakeKube } from './fake-kube.test-support.ts';

function kubeThatAllows(allows: (resource: string, verb: string) => boolean): Kube {
  const create = <T extends KubeObject>(object: T): Promise<T> => {
    const { resourceAttributes: wanted } = object['spec'] as { resourceAttributes: Record<string, string> };
    const allowed = allows(wanted['resource'] ?? '', wanted['verb'] ?? '');
    return Promise.resolve({ ...object, status: { allowed } });
  };
  return { ...fakeKube([]), create };
}

describe('requireRights', () => {
  it('is content with all of them', async () => {
    await requireRights(kubeThatAllows(() => true));
  });

  it('lists the missing ones by resource', async () => {
    const kube = kubeThatAllows((resource, verb) => resource !== 'networkpolicies' && verb !== 'delete');
    const error: unknown = await requireRights(kube).catch((reason: unknown) => reason);
    expect(error).instanceOf(OrdealError).and.include({ code: 'ENVIRONMENT' });
    expect((error as Error).message)
      .include('get/list/create/patch/delete networkpolicies.networking.k8s.io')
      .and.include('delete pods');
  });

  it('asks for streams with both verbs an API server may check', () => {
    const verbs = neededRights().filter(({ resource }) => resource === 'pods/portforward');
    expect(verbs.map(({ verb }) => verb)).deep.equal(['get', 'create']);
  });
});
