import { expect } from 'chai';
import { may } from './rights.ts';
import { rolesFor } from './roles.ts';

const rights = [
  ...may(['get', 'create'], 'pods'),
  ...may(['create', 'get'], 'services'),
  ...may(['list'], 'deployments.apps'),
  ...may(['patch'], 'configmaps', { name: 'ordeal-agent' }),
  ...may(['get', 'patch'], 'configmaps', { namespace: 'kube-system', name: 'coredns' }),
];

describe('rolesFor', () => {
  it('makes a ClusterRole of what is of no one namespace, and a Role for each namespace', () => {
    expect(rolesFor(rights, 'ordeal')).deep.equal([
      {
        ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'ordeal' } },
        rules: [
          { apiGroups: [''], resources: ['pods', 'services'], verbs: ['create', 'get'] },
          { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] },
          { apiGroups: [''], resources: ['configmaps'], resourceNames: ['ordeal-agent'], verbs: ['patch'] },
        ],
      },
      {
        ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' },
        metadata: { name: 'ordeal', namespace: 'kube-system' },
        rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['coredns'], verbs: ['get', 'patch'] }],
      },
    ]);
  });

  it('binds an account to each', () => {
    const made = rolesFor(rights, 'ordeal', { namespace: 'ci', name: 'tester' });
    expect(made.map(({ kind }) => kind)).deep.equal(['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']);
    expect(made[3]).deep.include({
      metadata: { name: 'ordeal', namespace: 'kube-system' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'ci', name: 'tester' }],
    });
  });
});
