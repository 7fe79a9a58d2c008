import { expect } from 'chai';
import { fakeKube } from '../cluster/fake-kube.test-support.ts';
import { ChangeSet, trackingKube } from './change-set.ts';
import type { Kube } from './types.ts';

const policy = (name: string) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name } });
const refTo = (name: string) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name });
const refuse = () => Promise.reject(new Error('the server is away'));

const willing: Pick<Kube, 'apply' | 'create' | 'remove'> = {
  apply: (object) => Promise.resolve(object),
  create: (object) => Promise.resolve(object),
  remove: () => Promise.resolve(),
};

function noted(server: Partial<Kube> = {}) {
  const changes = new ChangeSet();
  const kube = trackingKube({ ...fakeKube([]), ...willing, ...server }, changes);
  const standing = () => changes.standing.map(({ name }) => name);
  return { kube, changes, standing };
}

describe('a Kube that notes changes', () => {
  it('knows what was made through it and not removed since', async () => {
    const { kube, standing } = noted();
    await kube.apply(policy('a'));
    await kube.create(policy('b'));
    await kube.apply(policy('a'));
    expect(standing()).to.deep.equal(['a', 'b']);
    await kube.remove(refTo('a'));
    expect(standing()).to.deep.equal(['b']);
  });

  it('takes for there what may be: after a failure, and where a removal failed', async () => {
    const { kube, standing } = noted({ apply: refuse, remove: refuse });
    await kube.apply(policy('a')).catch(() => undefined);
    expect(standing()).to.deep.equal(['a']);
    await kube.remove(refTo('a')).catch(() => undefined);
    expect(standing()).to.deep.equal(['a']);
  });

  it('knows what was patched, once', async () => {
    const { kube, changes } = noted({ patch: () => Promise.resolve(policy('a')) });
    await kube.patch(refTo('a'), {});
    await kube.patch(refTo('a'), {});
    expect(changes.patched).to.deep.equal([refTo('a')]);
  });
});
