import { expect } from 'chai';
import { budgetFindings, roomFindings, strandedFindings } from './drains.ts';
import { Budget, type Inventory, Node, Pod, Service, WebhookConfiguration } from './objects.ts';
import { quantity } from './quantity.ts';
import { serviceFindings } from './services.ts';
import { deprecatedFindings, nextMinor, skewFindings } from './versions.ts';
import { webhookFindings } from './webhooks.ts';

const node = (name: string, cpu = '2', more: object = {}) =>
  Node.parse({
    metadata: { name },
    spec: more,
    status: { allocatable: { cpu, memory: '4Gi', pods: '110' }, nodeInfo: { kubeletVersion: 'v1.36.3' } },
  });
const pod = (name: string, nodeName: string, { cpu = '100m', owner = 'ReplicaSet', container = {} } = {}) =>
  Pod.parse({
    metadata: {
      name,
      namespace: 'shop',
      labels: { app: 'web' },
      ownerReferences: owner === '' ? [] : [{ kind: owner, name: 'w' }],
    },
    spec: { nodeName, containers: [{ name: 'c', resources: { requests: { cpu } }, ...container }] },
    status: { phase: 'Running' },
  });
const web = Service.parse({ metadata: { name: 'web', namespace: 'shop' }, spec: { selector: { app: 'web' } } });
const inventory = (more: Partial<Inventory> = {}): Inventory => {
  return {
    serverVersion: 'v1.36.3',
    pods: [],
    nodes: [],
    services: [],
    budgets: [],
    webhooks: [],
    metrics: '',
    ...more,
  };
};
const checks = (findings: readonly { check: string; severity: string }[]) =>
  findings.map(({ check, severity }) => `${check} ${severity}`);

describe('what an upgrade would stumble over', () => {
  it('is an API that is asked for and gone in the target, by the API server’s own count', () => {
    const metrics = [
      '# TYPE apiserver_requested_deprecated_apis gauge',
      'apiserver_requested_deprecated_apis{group="flowcontrol.apiserver.k8s.io",removed_release="1.37",resource="flowschemas",subresource="",version="v1beta3"} 1',
      'apiserver_requested_deprecated_apis{group="",removed_release="",resource="componentstatuses",subresource="",version="v1"} 1',
    ].join('\n');
    const found = deprecatedFindings(inventory({ metrics }), '1.37');
    expect(checks(found)).to.deep.equal(['deprecated-api critical', 'deprecated-api warning']);
    expect(found[0]?.object).to.equal('flowcontrol.apiserver.k8s.io/v1beta3 flowschemas');
    expect(checks(deprecatedFindings(inventory({ metrics }), '1.36'))[0]).to.equal('deprecated-api warning');
  });

  it('is a step over a minor version, backwards, or away from a kubelet by more than three', () => {
    expect(nextMinor('v1.36.3')).to.equal('1.37');
    expect(skewFindings(inventory({ nodes: [node('n')] }), '1.37')).to.deep.equal([]);
    expect(checks(skewFindings(inventory(), '1.38'))).to.deep.equal(['version-skew critical']);
    expect(skewFindings(inventory(), '1.35')[0]?.what).to.include('downgrade');
    expect(skewFindings(inventory({ serverVersion: 'v1.39.0', nodes: [node('n')] }), '1.40')[0]?.object).to.equal(
      'Node n',
    );
  });

  it('is a budget that allows no eviction, but not one without pods', () => {
    const budget = (disruptionsAllowed: number, expectedPods: number) =>
      Budget.parse({ metadata: { name: 'b', namespace: 'shop' }, status: { disruptionsAllowed, expectedPods } });
    expect(checks(budgetFindings(inventory({ budgets: [budget(0, 2), budget(1, 2), budget(0, 0)] })))).to.deep.equal([
      'disruption-budget critical',
    ]);
  });

  it('is a pod without a controller, and a node whose pods find no room', () => {
    expect(
      checks(strandedFindings(inventory({ pods: [pod('p', 'n1', { owner: '' }), pod('q', 'n1')] }))),
    ).to.deep.equal(['bare-pod warning']);
    const nodes = [node('n1'), node('n2', '1')];
    const full = [pod('p', 'n1', { cpu: '1500m' }), pod('q', 'n2', { cpu: '200m' })];
    expect(roomFindings(inventory({ nodes, pods: full })).map(({ object }) => object)).to.deep.equal(['Node n1']);
    const daemons = [pod('p', 'n1', { cpu: '1500m', owner: 'DaemonSet' }), pod('q', 'n2', { cpu: '200m' })];
    expect(roomFindings(inventory({ nodes, pods: daemons }))).to.deep.equal([]);
  });

  it('is a Service of one pod, of pods on one node, and pods that neither say when they are ready nor linger', () => {
    const careful = { readinessProbe: {}, lifecycle: { preStop: {} } };
    const of = (...pods: Pod[]) => checks(serviceFindings(inventory({ services: [web], pods })));
    expect(of(pod('p', 'n1'))).to.deep.equal(['single-replica warning', 'readiness warning', 'pre-stop info']);
    expect(of(pod('p', 'n1', { container: careful }), pod('q', 'n1'))).to.deep.equal(['single-replica warning']);
    expect(of(pod('p', 'n1', { container: careful }), pod('q', 'n2'))).to.deep.equal([]);
    expect(of()).to.deep.equal([]);
  });

  it('is a webhook that fails closed with nobody, or one pod, to serve it', () => {
    const hook = (failurePolicy: string, resource: string) =>
      WebhookConfiguration.parse({
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'w' },
        webhooks: [
          {
            name: 'x',
            failurePolicy,
            clientConfig: { service: { name: 'web', namespace: 'shop' } },
            rules: [{ resources: [resource] }],
          },
        ],
      });
    const of = (one: WebhookConfiguration, ...pods: Pod[]) =>
      checks(webhookFindings(inventory({ webhooks: [one], services: [web], pods })));
    expect(of(hook('Fail', 'configmaps'))).to.deep.equal(['webhook critical']);
    expect(of(hook('Fail', 'configmaps'), pod('p', 'n1'))).to.deep.equal(['webhook warning']);
    expect(of(hook('Fail', 'pods'), pod('p', 'n1'), pod('q', 'n2'))).to.deep.equal(['webhook info']);
    expect(of(hook('Ignore', 'pods'))).to.deep.equal([]);
  });

  it('reads quantities as Kubernetes writes them', () => {
    expect(['250m', '1', '1Gi', '2k', '1.5', 3].map(quantity)).to.deep.equal([0.25, 1, 2 ** 30, 2_000, 1.5, 3]);
  });
});
