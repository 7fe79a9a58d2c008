import { expect } from 'chai';
import { describeRights, leastRights, may, resourceName, rightKey } from './rights.ts';

describe('rights', () => {
  it('are named as kubectl names resources', () => {
    for (const name of ['pods', 'pods/exec', 'deployments.apps', 'services/status', 'leases.coordination.k8s.io']) {
      const [right] = may(['get'], name);
      expect(right && resourceName(right)).equal(name);
    }
    expect(may(['get'], 'deployments.apps')).deep.equal([{ verb: 'get', group: 'apps', resource: 'deployments' }]);
  });

  it('are the least: each once, none that a wider one includes', () => {
    const one = { namespace: 'kube-system', name: 'coredns' };
    const rights = [
      ...may(['get', 'patch'], 'configmaps', one),
      ...may(['get'], 'configmaps', { namespace: 'kube-system' }),
      ...may(['list'], 'pods'),
      ...may(['list'], 'pods'),
      ...may(['list', 'delete'], 'pods', { namespace: 'x' }),
      ...may(['patch'], 'leases.coordination.k8s.io', { name: 'a' }),
    ];
    expect(leastRights(rights).map(rightKey)).to.have.members([
      'patch configmaps kube-system coredns',
      'get configmaps kube-system ',
      'list pods  ',
      'delete pods x ',
      'patch leases.coordination.k8s.io  a',
    ]);
  });

  it('are told by resource and place', () => {
    const rights = [...may(['get', 'list'], 'pods'), ...may(['patch'], 'configmaps', { namespace: 'n', name: 'c' })];
    expect(describeRights(rights)).equal('get/list pods, patch configmaps c in n');
  });
});
