import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { KubeError } from '../kube/errors.ts';
import type { KubeObject } from '../kube/types.ts';
import { loadModelFromCluster, loadModelFromFiles } from './load-cluster-model.ts';
import { parseManifests } from './manifest-documents.ts';
import { readObjects } from './read-objects.ts';
import { ask } from './testing.test-support.ts';
import { clusterModelOf } from './cluster-model.ts';
import type { ClusterModel } from './model-types.ts';

const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Pod, metadata: {name: cron, namespace: shop}, spec: {containers: []}}
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: ignored}}
---
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, ingress: null}
`;

describe('oracle: loading a model', () => {
  const read = async (text: string): Promise<ClusterModel> =>
    clusterModelOf((await readObjects(parseManifests(text, 'shop.yaml'))).objects);
  const fault = async (text: string) => (await readObjects(parseManifests(text, 'shop.yaml'))).faults.join('; ');
  const policy = (spec: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: x}\nspec:\n${spec}`;

  it('takes workloads for pods of their name, unfolds Lists, leaves out what is not network, reads null as absent', async () => {
    const model = await read(manifests);
    expect(model.pods.map((pod) => `${pod.namespace}/${pod.name}`)).to.deep.equal(['shop/cron', 'shop/web']);
    expect(ask(model, 'shop/cron', 'shop/web', 8080).reason.text).to.contain('isolated by shop/deny');
    expect(ask(model, 'shop/web', 'shop/cron', 8080).verdict).to.equal('open');
  });

  it('names file and line of a policy the API server would refuse', async () => {
    expect(await fault(policy('  podSelector: {}\n  ingress:\n    - from:\n        - {}'))).to.equal(
      'shop.yaml:8: NetworkPolicy x/p: spec.ingress.0.from.0: a peer needs podSelector, namespaceSelector or ipBlock',
    );
    expect(await fault(policy('  podSelectr: {}'))).to.contain(
      'shop.yaml:5: NetworkPolicy x/p: spec: Unrecognized key: "podSelectr"',
    );
    expect(await fault(policy('  podSelector: {matchLabels: {app: null}}'))).to.contain(
      'spec.podSelector.matchLabels.app',
    );
  });

  it('names file and line of broken YAML and of what is no Kubernetes object', async () => {
    expect(await fault('kind: Pod\nmetadata: {name: a')).to.match(/^shop\.yaml:2: /);
    expect(await fault('apiVersion: v1\nkind: Pod\n')).to.match(/^shop\.yaml:1: not a Kubernetes object: metadata/);
    expect(await read('')).to.have.property('pods').that.is.empty;
  });

  it('reads a directory recursively and says so when there is nothing', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ordeal-load-'));
    try {
      await expectUsage(loadModelFromFiles([directory]), 'holds no .yaml');
      await writeFile(join(directory, 'shop.yaml'), manifests);
      expect((await loadModelFromFiles([directory])).model.networkPolicies).to.have.length(1);
      await expectUsage(loadModelFromFiles([join(directory, 'absent')]), 'cannot be read');
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  const expectUsage = async (loading: Promise<unknown>, words: string) => {
    const error: unknown = await loading.then(() => undefined).catch((it: unknown) => it);
    expect(error).to.be.instanceOf(OrdealError).with.property('code', 'USAGE');
    expect(error).to.have.property('message').that.contains(words);
  };

  const pod = (name: string, phase: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'x' },
    spec: { nodeName: 'n1', containers: [] },
    status: { phase, podIPs: [{ ip: '10.0.0.1' }] },
  });
  const slice = (name: string, addressType: string): KubeObject => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: 'x', labels: { 'kubernetes.io/service-name': 'svc' } },
    addressType,
    endpoints: [{ addresses: [], conditions: { ready: false }, targetRef: { kind: 'Pod', name: 'a' } }],
  });
  const service: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'svc', namespace: 'x' },
    spec: { clusterIPs: ['10.96.0.5'], ports: [{ port: 80 }] },
  };
  const serving = (objects: Record<string, KubeObject[]>, failure: KubeError) => ({
    list: ({ apiVersion, kind }: { apiVersion: string; kind: string }) =>
      apiVersion.startsWith('policy.') ? Promise.reject(failure) : Promise.resolve(objects[kind] ?? []),
  });

  it('reads a live cluster: running pods only, endpoints once per pod, optional kinds absent', async () => {
    const objects = {
      Pod: [pod('a', 'Running'), pod('done', 'Succeeded')],
      Service: [service],
      EndpointSlice: [slice('s4', 'IPv4'), slice('s6', 'IPv6')],
    };
    const { model } = await loadModelFromCluster(serving(objects, new KubeError('no such kind', { status: 404 })));
    expect(model.pods.map((it) => it.name)).to.deep.equal(['a']);
    expect(model.services[0]?.endpoints).to.have.length(1);
    expect(model.services[0]?.endpoints?.[0]).to.include({ pod: 'a', ready: false });
  });

  it('does not take a forbidden list for an empty one', async () => {
    const forbidden = new KubeError('forbidden', { status: 403 });
    const error: unknown = await loadModelFromCluster(serving({}, forbidden)).catch((it: unknown) => it);
    expect(error).to.equal(forbidden);
  });
});
