import { expect } from 'chai';
import { fakeKube } from '../cluster/fake-kube.test-support.ts';
import { cpusOf, listNodes } from './nodes.ts';

const node = (name: string, bootID: string, cpu: string, effect?: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: effect === undefined ? {} : { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect }] },
  status: { nodeInfo: { kernelVersion: '6.1', kubeletVersion: 'v1.36.3', bootID }, allocatable: { cpu } },
});
const cpus = async (...nodes: ReturnType<typeof node>[]) => cpusOf(await listNodes(fakeKube(nodes)));

describe('the CPUs that pods have', () => {
  it('are those of all machines that take pods', async () => {
    const of = [node('a', '1', '4'), node('b', '2', '3920m'), node('c', '3', '8', 'NoSchedule')];
    expect(await cpus(...of)).to.be.closeTo(7.92, 1e-9);
  });

  it('count a machine once, though each of its nodes tells of the whole', async () => {
    expect(await cpus(node('a', '1', '2'), node('b', '1', '2'), node('c', '1', '2'))).to.equal(2);
  });

  it('are counted by node where no boot is known, and are none where nodes do not say', async () => {
    expect(await cpus(node('a', '', '2'), node('b', '', '2'))).to.equal(4);
    expect(await cpus(node('a', '1', '0'))).to.equal(0);
  });
});
