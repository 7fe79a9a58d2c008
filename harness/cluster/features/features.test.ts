import { features } from '../../../clusters/names.ts';
import { expect } from 'chai';
import { Timeouts } from '../../base/timeouts.ts';
import { fakeKube } from '../fake-kube.test-support.ts';
import type { ClusterFacts } from '../facts.ts';
import type { NodeInfo } from '../../kube/nodes.ts';
import { topology } from './api-server.ts';
import { detectFeatures } from './index.ts';
import { kubeProxy } from './kube-proxy.ts';
import { nodeKernel } from './node-kernel.ts';
import { seen, type Detector, type DetectionContext } from './types.ts';

const node = (name: string, schedulable = true): NodeInfo => ({
  ...{ name, role: 'worker', ip: '10.0.0.1', ips: ['10.0.0.1'], zone: '', kernel: '6', schedulable },
});
const facts: ClusterFacts = {
  ...{ kubernetes: 'v1', cni: 'calico', cniVersion: '3', mesh: 'none', meshVersion: '', cpus: 2 },
  ...{ podCidrs: ['10.244.0.0/16'], serviceCidrs: [], clusterDomain: 'cluster.local', dnsIp: '' },
  nodes: [node('a'), node('b')],
};
const context = (change: Partial<DetectionContext> = {}): DetectionContext => ({
  ...{ kube: fakeKube([]), facts, agentImage: '', runId: 'r', timeouts: Timeouts.parse({}), declared: {} },
  ...change,
});
const states = async (detector: Detector, change: Partial<DetectionContext> = {}) =>
  Object.fromEntries((await detector.detect(context(change))).map((one) => [one.feature, one]));

describe('detectFeatures', () => {
  it('has a state with evidence for every feature, whatever was looked at', async () => {
    const found = await detectFeatures(context({ declared: { Hairpin: true } }), []);
    expect([...found.keys()]).deep.equal([...features]);
    expect(found.get('Hairpin')).include({ declared: true, observed: 'undetermined' });
    expect(found.get('SCTP')).include({ declared: 'unknown' }).and.property('evidence').not.equal('');
  });

  it('leaves undetermined what a broken detector looks for, and says so, beside the others', async () => {
    const broken: Detector = { features: ['NodePort'], rights: [], detect: () => Promise.reject(new Error('no pods')) };
    const fine: Detector = {
      features: ['Hairpin'],
      rights: [],
      detect: () => Promise.resolve([seen('Hairpin', true, 'saw it')]),
    };
    const found = await detectFeatures(context(), [broken, fine]);
    expect(found.get('NodePort')).include({
      observed: 'undetermined',
      evidence: 'could not be determined: no pods',
    });
    expect(found.get('Hairpin')).include({ observed: true });
  });
});

describe('detectors', () => {
  it('count only nodes that take pods', async () => {
    const one = { ...facts, nodes: [node('a'), node('b', false)] };
    expect((await states(topology, { facts: one }))['MultiNode']).include({ observed: false });
    expect((await states(topology))['MultiNode']).include({ observed: true });
  });

  it('tell dual-stack from single-stack by the pods’ ranges', async () => {
    const dual = { ...facts, podCidrs: ['10.244.0.0/16', 'fd00::/56'] };
    expect((await states(topology, { facts: dual }))['DualStack']).include({ observed: true });
    expect((await states(topology))['IPv6']).include({ observed: false });
  });

  it('take kube-proxy’s own word for its mode', async () => {
    const labels = { 'k8s-app': 'kube-proxy' };
    const metadata = { name: 'p', namespace: 'kube-system', labels };
    const kube = fakeKube([{ apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: 'a' } }]);
    const nodeExec = () => Promise.resolve({ code: 0, stdout: 'nftables', stderr: '' });
    const found = await states(kubeProxy, { kube, nodeExec });
    expect(found['KubeProxy']).deep.include({ observed: true, evidence: 'kube-proxy in mode nftables on 1 node(s)' });
    expect((await states(kubeProxy))['KubeProxy']).include({ observed: false });
  });

  it('say what the node said when its kernel lacks something', async () => {
    const stdout = 'uid 0 0\nnetem 2 Error: Specified qdisc kind is unknown.\nqueue 0 \nsctp 1 \n';
    const nodeExec = () => Promise.resolve({ code: 1, stdout, stderr: '' });
    const found = await states(nodeKernel, { nodeExec });
    expect(found['Netem']?.evidence).include('Specified qdisc kind is unknown');
    expect(found['NfQueue']).include({ observed: true });
    expect(found['NodeAccess']).include({ observed: true });
  });

  it('do not know what a node can that does not answer, in whole or in part', async () => {
    const nodeExec = () => Promise.reject(new Error('no such container'));
    const silent = await states(nodeKernel, { nodeExec });
    expect(silent['NodeAccess']).include({ observed: 'undetermined' });
    expect(silent['NodeAccess']?.evidence).include('no such container');
    const half = () => Promise.resolve({ code: 137, stdout: 'uid 0 0\n', stderr: '' });
    expect((await states(nodeKernel, { nodeExec: half }))['SCTP']).include({ observed: 'undetermined' });
  });

  it('have no node access where the provider gives none', async () => {
    expect((await states(nodeKernel))['NodeAccess']).include({ observed: false });
  });
});
