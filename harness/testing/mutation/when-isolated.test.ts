import { expect } from 'chai';
import type { Change as Seen, KubeObject } from '../../kube/types.ts';
import { fakeBed } from './fake-bed.test-support.ts';
import type { Change } from './types.ts';
import { onceIsolated } from './when-isolated.ts';

const policyIn = (namespace: string): KubeObject => {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p', namespace } };
};

function bedThatSees(...namespaces: string[]) {
  const { bed } = fakeBed();
  async function* follow(_query: object, signal: AbortSignal): AsyncGenerator<Seen> {
    for (const namespace of namespaces) yield { object: policyIn(namespace), gone: false };
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }
  return { ...bed, kube: { ...bed.kube, follow } };
}

function noted(done: string[], fails = false): Change {
  const note = (what: string) => {
    done.push(what);
    return fails && what === 'apply' ? Promise.reject(new Error('no agent')) : Promise.resolve();
  };
  return { title: 't', apply: () => note('apply'), undo: () => note('undo'), isGone: () => Promise.resolve(true) };
}

describe('onceIsolated', () => {
  it('makes the change at the first policy of a grid, and undoes it', async () => {
    const done: string[] = [];
    const change = onceIsolated(bedThatSees('ord-1-detect', 'ord-1-grid-x'), noted(done));
    await change.apply();
    await new Promise(setImmediate);
    await change.undo();
    expect(done).to.deep.equal(['apply', 'undo']);
  });

  it('makes none without one, and still undoes', async () => {
    const done: string[] = [];
    const change = onceIsolated(bedThatSees('ord-1-detect'), noted(done));
    await change.apply();
    await change.undo();
    expect(done).to.deep.equal(['undo']);
  });

  it('undoes first and then says that the change could not be made', async () => {
    const done: string[] = [];
    const change = onceIsolated(bedThatSees('ord-1-grid-x'), noted(done, true));
    await change.apply();
    await new Promise(setImmediate);
    const error: unknown = await change.undo().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(done).to.deep.equal(['apply', 'undo']);
    expect(error).to.be.instanceOf(Error).with.property('message', 'no agent');
  });
});
