import { expect } from 'chai';
import type { NodeInfo } from '../../kube/nodes.ts';
import type { KubeObject } from '../../kube/types.ts';
import { FakeNode } from '../../node/fake-node.test-support.ts';
import { planFault } from '../driver.ts';
import { targetOf } from '../target.test-support.ts';
import type { FaultPlan, NodeAct } from '../types.ts';
import { apiCut } from './api-cut.ts';
import { containerSignal } from './container-signal.ts';
import { kubeletStop } from './kubelet-stop.ts';

const nodeInfo = (name: string, ip: string, more: Partial<NodeInfo> = {}): NodeInfo => ({
  ...{ name, ip, ips: [ip], role: 'worker', zone: 'a', kernel: '6', schedulable: true, ...more },
});
const nodes = [nodeInfo('main', '10.0.0.9', { role: 'control-plane' }), nodeInfo('one', '10.0.0.1')];
const nodeActs = (plan: FaultPlan) => plan.acts('r1-1').filter((act): act is NodeAct => act.site !== 'api');

/** A pod of one container that the runtime knows by this id. */
function podWith(status: object = {}): KubeObject {
  const container = { name: 'app', containerID: 'containerd://abc123', restartCount: 1, state: { running: {} } };
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'n', uid: 'u' }, spec: { nodeName: 'one' } },
    status: { containerStatuses: [{ ...container, ...status }] },
  };
}
const kubeWith = (pod: KubeObject) => ({ get: () => Promise.resolve(pod), list: () => Promise.resolve([]) });

describe('kubelet-stop', () => {
  it('is seen by a health endpoint that refuses, and by nothing else', async () => {
    const seen = async (code: number) => {
      const { exec } = new FakeNode().answer(/curl/, { code });
      return (await planFault(kubeletStop, targetOf({ nodes, exec }), { node: 'one' })).effect?.();
    };
    expect(await seen(7)).to.include({ present: true });
    expect(await seen(0)).to.include({ present: false });
    expect(await seen(28), 'it hangs').to.include({ present: false });
    expect(await seen(127).catch(String)).to.match(/broke/);
  });
});

describe('api-cut', () => {
  it('loses what goes to the API server, of the node and of its pods, under its own name', async () => {
    const [act] = nodeActs(await planFault(apiCut, targetOf({ nodes }), { node: 'one' }));
    expect(act?.stdin).to.contain('table inet ordeal_r1_1').and.contain('hook output').and.contain('hook forward');
    expect(act?.stdin?.match(/ip daddr \{ 10\.0\.0\.9 \} tcp dport 6443 counter drop/g)).to.have.length(2);
    expect(act?.site.node).to.equal('one');
  });

  it('refuses the node of the API server, and one that is not there', async () => {
    const refused = (node: string) => planFault(apiCut, targetOf({ nodes }), { node }).catch(String);
    expect(await refused('main')).to.match(/runs the API server itself/);
    expect(await refused('three')).to.match(/no node three/);
  });
});

describe('container-signal', () => {
  const plan = (now: KubeObject, signal: string) => {
    const pods = [podWith(), now];
    const kube = { get: () => Promise.resolve(pods.shift() ?? now) };
    return planFault(containerSignal, targetOf({ nodes, kube }), { namespace: 'n', name: 'p', uid: 'u', signal });
  };

  it('is seen by a container that was started again, and is not taken back', async () => {
    const restarted = await plan(podWith({ restartCount: 2 }), 'KILL');
    expect(restarted.lasting).to.equal(true);
    expect(await restarted.effect?.()).to.include({ present: true });
    expect(await (await plan(podWith(), 'KILL')).effect?.()).to.include({ present: false });
  });

  it('is taken back where it stops the process', async () => {
    const [act] = nodeActs(await plan(podWith(), 'STOP'));
    expect(act?.apply).to.match(/^kill -STOP \$\(crictl inspect .* abc123\)$/);
    expect(act?.undo).to.match(/kill -CONT/);
  });

  it('names the containers where there is no such one', async () => {
    const target = targetOf({ nodes, kube: kubeWith(podWith()) });
    const params = { namespace: 'n', name: 'p', uid: 'u', container: 'web' };
    expect(await planFault(containerSignal, target, params).catch(String)).to.match(/no such container; it has app/);
  });
});
