import { expect } from 'chai';
import type { Targets } from '../fault/driver.ts';
import type { Kube, KubeObject, ListQuery, ObjectRef } from '../kube/types.ts';
import { resolveTarget } from './target.ts';

const pod = (name: string, status = 'Running'): KubeObject => {
  const metadata = { name, namespace: 'shop', uid: `uid-${name}` };
  return { apiVersion: 'v1', kind: 'Pod', metadata, status: { phase: status } };
};

function kubeWith(pods: readonly KubeObject[]): { kube: Kube; asked: ListQuery[] } {
  const asked: ListQuery[] = [];
  const kube: Partial<Kube> = {
    get: ({ name }: ObjectRef) => Promise.resolve(pods.find((one) => one.metadata.name === name)),
    list: (query) => {
      asked.push(query);
      return Promise.resolve([...pods]);
    },
  };
  return { kube: kube as Kube, asked };
}

const resolved = (targets: Targets, text: string | undefined, pods = [pod('web')], allowed: string[] = []) =>
  resolveTarget(kubeWith(pods).kube, targets, text, { allowed });
const refused = (...args: Parameters<typeof resolved>) => resolved(...args).then(() => 'taken', String);

describe('the target of a fault', () => {
  it('is a pod by name, all that bear labels, a node, or a workload', async () => {
    expect(await resolved('pods', 'shop/web')).to.deep.equal({ pods: [{ namespace: 'shop', name: 'web' }] });
    const { kube, asked } = kubeWith([pod('a'), pod('b')]);
    const found = await resolveTarget(kube, 'pods', 'shop:app=web,tier!=db', { allowed: [] });
    expect(found['pods']).to.have.length(2);
    expect(asked[0]).to.include({ namespace: 'shop', labelSelector: 'app=web,tier!=db' });
    expect(await resolved('node', 'worker-1')).to.deep.equal({ node: 'worker-1' });
    expect(await resolved('workload', 'shop/db')).to.deep.equal({ namespace: 'shop', name: 'db' });
    expect(await resolved('pod', 'shop/web')).to.deep.equal({ namespace: 'shop', name: 'web', uid: 'uid-web' });
  });

  it('is refused when nothing matches, nothing that runs, or too much', async () => {
    expect(await refused('pods', 'shop/gone')).to.match(/no running pod matches/);
    expect(await refused('pods', 'shop:app=web', [])).to.match(/no running pod matches/);
    expect(await refused('pods', 'shop/web', [pod('web', 'Pending')])).to.match(/no running pod matches/);
    expect(await refused('pod', 'shop:app=web', [pod('a'), pod('b')])).to.match(/2 pods match; this fault takes one/);
  });

  it('is refused without one, in another form, or where the fault takes none', async () => {
    expect(await refused('pods', undefined)).to.match(/--target is missing: NAMESPACE\/POD/);
    expect(await refused('pods', 'web')).to.match(/write NAMESPACE\/POD/);
    expect(await refused('workload', 'shop:app=db')).to.match(/write NAMESPACE\/NAME/);
    expect(await refused('none', 'a')).to.match(/takes no --target/);
  });

  it('is refused in a namespace the cluster cannot do without, unless that is allowed by name', async () => {
    expect(await refused('pods', 'kube-system/web')).to.match(/namespace kube-system is protected/);
    expect(await refused('workload', 'kube-system/coredns')).to.match(/protected/);
    expect(await resolved('pods', 'kube-system/web', [pod('web')], ['kube-system'])).to.have.property('pods');
  });
});
