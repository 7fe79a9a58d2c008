import { expect } from 'chai';
import { KubeError } from '../kube/errors.ts';
import type { Kube, KubeObject, ListQuery } from '../kube/types.ts';
import { fakeKube } from './fake-kube.test-support.ts';
import { findLeftBehind } from './left-behind.ts';

const labels = (run: string, more: object = {}) => ({
  ...{ 'app.kubernetes.io/managed-by': 'ordeal', 'ordeal.dev/run': run },
  ...more,
});
const ofCase = { 'ordeal.dev/case': 'c' };
const object = (kind: string, name: string, metadata: object): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...metadata },
});

const objects = [
  object('Namespace', 'ord-aaaaaa-1-main', { labels: labels('run-aaaaaa') }),
  object('Namespace', 'calico-system', { labels: labels('run-aaaaaa') }),
  object('Namespace', 'ord-theirs', { labels: {} }),
  object('ConfigMap', 'inside', { namespace: 'ord-aaaaaa-1-main', labels: labels('run-aaaaaa', ofCase) }),
  object('ConfigMap', 'elsewhere', { namespace: 'istio-system', labels: labels('run-bbbbbb', ofCase) }),
  object('ConfigMap', 'of-the-cni', { namespace: 'kube-system', labels: labels('run-aaaaaa') }),
  object('ConfigMap', 'coredns', { namespace: 'kube-system', labels: { 'ordeal.dev/changed-by': 'run-cccccc' } }),
];

function clusterWith(list: (query: ListQuery) => Promise<KubeObject[]> = (query) => selected(query)): Kube {
  const verbs = ['list', 'delete'];
  const resources = [
    { name: 'namespaces', kind: 'Namespace', verbs },
    { name: 'configmaps', kind: 'ConfigMap', verbs },
    { name: 'pods/log', kind: 'Pod', verbs: ['get'] },
    { name: 'componentstatuses', kind: 'ComponentStatus', verbs: ['get', 'list'] },
  ];
  return { ...fakeKube([], { '/apis': { groups: [] }, '/api/v1': { resources } }), list };
}

/** A bare key selects whatever its value is. */
function selected({ kind, labelSelector = '' }: ListQuery): Promise<KubeObject[]> {
  const has = ({ metadata }: KubeObject) =>
    labelSelector.split(',').every((one) => {
      const [key = '', value] = one.split('=');
      const found = metadata.labels?.[key];
      return found !== undefined && (value === undefined || found === value);
    });
  return Promise.resolve(objects.filter((one) => one.kind === kind && has(one)));
}

describe('what runs left behind', () => {
  it('is told by run: namespaces, what cases made elsewhere, what others made', async () => {
    const { runs, unseen } = await findLeftBehind(clusterWith());
    const by = new Map(runs.map((one) => [one.runId, one]));
    expect([...by.keys()].sort()).deep.equal(['run-aaaaaa', 'run-bbbbbb', 'run-cccccc']);
    expect(by.get('run-aaaaaa')?.namespaces).deep.equal(['ord-aaaaaa-1-main']);
    expect(by.get('run-aaaaaa')?.objects).deep.equal([]);
    expect(by.get('run-bbbbbb')?.objects.map(({ name }) => name)).deep.equal(['elsewhere']);
    expect(by.get('run-cccccc')?.changed.map(({ name }) => name)).deep.equal(['coredns']);
    expect(unseen).deep.equal([]);
  });

  it('names the kinds that may not be listed, and finds the rest', async () => {
    const { runs, unseen } = await findLeftBehind(
      clusterWith((query) =>
        query.kind === 'ConfigMap' ? Promise.reject(new KubeError('no', { status: 403 })) : selected(query),
      ),
    );
    expect(unseen).deep.equal(['ConfigMap']);
    expect(runs.map(({ runId }) => runId)).deep.equal(['run-aaaaaa']);
  });
});
