import { expect } from 'chai';
import { enforceTimeouts, Timeouts, timeoutsInForce } from '../base/timeouts.ts';
import { hostIdentity } from '../base/host-identity.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import { fakeKube } from './fake-kube.test-support.ts';
import { holdRunLease, isRunAlive, leaseNamespace } from './run-lease.ts';

const runId = '20260101-000000-cluster-abc123';

/** Keeps what is applied, as far as a Lease needs it. */
function storing() {
  const order: string[] = [];
  const objects = new Map<string, KubeObject>();
  const kube: Kube = {
    ...fakeKube([]),
    apply: (object) => {
      order.push(object.kind);
      objects.set(object.kind, object);
      return Promise.resolve(object);
    },
    get: ({ kind }) => Promise.resolve(objects.get(kind)),
    patch: ({ kind }, body) => {
      const stored = objects.get(kind) as KubeObject & { spec: object };
      const { spec } = body as { spec: object };
      const patched = { ...stored, spec: { ...stored.spec, ...spec } };
      objects.set(kind, patched);
      return Promise.resolve(patched);
    },
    remove: ({ kind, name }) => {
      order.push(`removed ${kind} ${name}`);
      objects.clear();
      return Promise.resolve();
    },
  };
  return { kube, order, objects };
}

describe('the Lease of a run', () => {
  const before = timeoutsInForce();
  // Good for a second: nothing shorter can be written in one.
  beforeEach(() => enforceTimeouts({ ...Timeouts.parse({}), heartbeatMs: 100 }));
  afterEach(() => enforceTimeouts(before));

  it('is in a namespace that is made first and removed last', async () => {
    const { kube, order } = storing();
    await (await holdRunLease(kube, runId)).release();
    expect(order).deep.equal(['Namespace', 'Lease', `removed Namespace ${leaseNamespace(runId)}`]);
    expect(leaseNamespace(runId)).equal('ord-abc123-0-run');
  });

  it('tells a run that beats from one that does not any more', async () => {
    const { kube, objects } = storing();
    const held = await holdRunLease(kube, runId);
    expect(await isRunAlive(kube, runId)).equal(true);
    const stopped = new Map(objects);
    await held.release();
    expect(await isRunAlive(kube, runId)).equal(false);
    for (const [kind, object] of stopped) objects.set(kind, object);
    expect(await isRunAlive(kube, runId)).equal(false);
  });

  it('is dead at once where the machine was switched on anew, and asks the heartbeat of every other machine', async () => {
    const { kube } = storing();
    const held = await holdRunLease(kube, runId);
    const here = hostIdentity();
    expect(await isRunAlive(kube, runId, { ...here, boot: 'another' })).equal(false);
    expect(await isRunAlive(kube, runId, { host: 'another', boot: 'another' })).equal(true);
    await held.release();
  });
});
