import { expect } from 'chai';
import { deletionBlockers } from './deletion-blockers.ts';

describe('whatHolds', () => {
  it('names finalizers, and what a namespace says is left inside', () => {
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'x' },
      spec: { finalizers: ['kubernetes'] },
      status: {
        conditions: [
          { type: 'NamespaceDeletionDiscoveryFailure', status: 'False', message: 'All resources discovered' },
          {
            type: 'NamespaceFinalizersRemaining',
            status: 'True',
            message: 'example.com/stuck in 1 resource instances',
          },
        ],
      },
    };
    expect(deletionBlockers(namespace)).to.equal('finalizers kubernetes; example.com/stuck in 1 resource instances');
  });

  it('says so where nothing tells', () => {
    expect(deletionBlockers({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } })).to.match(/no finalizer/);
    expect(deletionBlockers(undefined)).to.match(/nothing that could be read/);
  });
});
