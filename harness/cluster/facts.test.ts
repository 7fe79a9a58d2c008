import { expect } from 'chai';
import { stringify } from 'yaml';
import type { KubeObject } from '../kube/types.ts';
import { recognise, tagOf } from './detect-network.ts';
import { fakeKube } from './fake-kube.test-support.ts';
import { readFacts } from './facts.ts';

const node = (name: string, labels: Record<string, string>, spec: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  spec,
  status: {
    addresses: [
      { type: 'InternalIP', address: '10.0.0.1' },
      { type: 'Hostname', address: name },
    ],
    nodeInfo: { kernelVersion: '6.1', kubeletVersion: 'v1.36.3' },
  },
});
const workload = (kind: string, name: string, container: string, image: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace: 'kube-system' },
  spec: { template: { spec: { containers: [{ name: container, image }] } } },
});
const controlPlane = { 'node-role.kubernetes.io/control-plane': '' };
const tainted = { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] };
const nodes = [
  node('w', { 'topology.kubernetes.io/zone': 'z1' }, { podCIDRs: ['10.1.1.0/24'] }),
  node('c', controlPlane, { ...tainted, podCIDRs: ['10.1.0.0/24'] }),
];
const version = { '/version': { gitVersion: 'v1.36.3' } };

describe('readFacts', () => {
  it('finds everything where kubeadm left its configuration', async () => {
    const networking = { podSubnet: '10.1.0.0/16,fd00::/56', serviceSubnet: '10.2.0.0/16', dnsDomain: 'here.local' };
    const kubeadm = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kubeadm-config', namespace: 'kube-system' },
      data: { ClusterConfiguration: stringify({ networking }) },
    };
    const dns = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
      spec: { clusterIP: '10.2.0.10' },
    };
    const calico = workload('DaemonSet', 'calico-node', 'calico-node', 'docker.io/calico/node:v3.28.5');
    const istiod = workload('Deployment', 'istiod', 'discovery', 'r/pilot:1.31');
    const facts = await readFacts(fakeKube([...nodes, kubeadm, dns, calico, istiod], version));
    expect(facts).deep.include({
      kubernetes: 'v1.36.3',
      cni: 'calico',
      cniVersion: 'v3.28.5',
      mesh: 'istio',
      meshVersion: '1.31',
      podCidrs: ['10.1.0.0/16', 'fd00::/56'],
      serviceCidrs: ['10.2.0.0/16'],
      clusterDomain: 'here.local',
      dnsIp: '10.2.0.10',
    });
    expect(facts.nodes.map(({ name, role, zone, schedulable }) => [name, role, zone, schedulable])).deep.equal([
      ['c', 'control-plane', '', false],
      ['w', 'worker', 'z1', true],
    ]);
  });

  it('falls back on nodes, ServiceCIDR objects and the Corefile', async () => {
    const range = { apiVersion: 'v1', kind: 'ServiceCIDR', metadata: { name: 'd' }, spec: { cidrs: ['10.9.0.0/16'] } };
    const corefile = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'coredns', namespace: 'kube-system' },
      data: { Corefile: '.:53 {\n  kubernetes corp.example in-addr.arpa ip6.arpa {\n  }\n}' },
    };
    const facts = await readFacts(fakeKube([...nodes, range, corefile], version));
    expect(facts).deep.include({
      cni: 'other',
      cniVersion: 'unknown',
      mesh: 'none',
      podCidrs: ['10.1.0.0/24', '10.1.1.0/24'],
      serviceCidrs: ['10.9.0.0/16'],
      clusterDomain: 'corp.example',
      dnsIp: '',
    });
  });
});

describe('recognise', () => {
  it('takes the version of the container that gives the CNI away', () => {
    const known = [{ recognise: { kind: 'DaemonSet', workload: /^x$/, container: /agent/ } as const }];
    const object = workload('DaemonSet', 'x', 'the-agent', 'host:5000/a/b:v7@sha256:abc');
    expect(recognise(known, [object])?.version).equal('v7');
    expect(recognise(known, [])).equal(undefined);
  });

  it('does not take the port of a registry for a tag', () => {
    expect(tagOf('host:5000/a/b')).equal('unknown');
    expect(tagOf('a/b@sha256:0123456789abcdef')).equal('sha256:0123456789ab');
  });
});
