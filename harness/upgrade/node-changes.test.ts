import { expect } from 'chai';
import { NodeChanges } from './node-changes.ts';

const node = ({ unschedulable = false, ready = 'True', kubeletVersion = 'v1.35.4' } = {}) => ({
  metadata: { name: 'n1' },
  spec: { unschedulable },
  status: { conditions: [{ type: 'Ready', status: ready }], nodeInfo: { kubeletVersion } },
});

describe('what the API server tells of nodes', () => {
  it('is a span from cordon to uncordon, and one while the node is not Ready', () => {
    const changes = new NodeChanges();
    changes.see(node(), 0);
    changes.see(node({ unschedulable: true }), 100);
    changes.see(node({ unschedulable: true, ready: 'False' }), 200);
    changes.see(node({ unschedulable: true }), 500);
    changes.see(node(), 900);
    expect(changes.take(1_000).map(({ title, fromMs, toMs }) => [title, fromMs, toMs])).to.deep.equal([
      ['n1 not Ready', 200, 500],
      ['n1 cordoned', 100, 900],
    ]);
  });

  it('is the moment in which the kubelet became another, and what is not over at the end', () => {
    const changes = new NodeChanges();
    changes.see(node(), 0);
    changes.see(node({ kubeletVersion: 'v1.36.3', unschedulable: true }), 100);
    expect(changes.take(500).map(({ title }) => title)).to.deep.equal(['n1 kubelet v1.35.4 -> v1.36.3']);
    expect(changes.take(500, true).map(({ title, toMs }) => [title, toMs])).to.deep.equal([['n1 cordoned', 500]]);
  });
});
