import { actionCase, basePolicy, isolate } from '../../harness/netpol/base.ts';
import { apply, everything, labelled, policy, step } from '../../harness/netpol/build.ts';
import { policyCase } from '../../harness/netpol/run.ts';

/** Policies, pods and namespaces that come, change and go. */
export const cases = [
  actionCase(
    'policy-create-delete',
    'A policy takes effect when created and releases when deleted',
    ['create-policy', 'delete-policy'],
    [
      step('policy created', apply(basePolicy())),
      step('policy deleted', { do: 'delete-policy', namespace: 'x', name: 'base' }),
    ],
  ),
  actionCase(
    'policy-create-update',
    'A policy changes its meaning when updated',
    ['create-policy', 'update-policy'],
    [
      step('policy created', apply(basePolicy())),
      step('ports replaced', apply(basePolicy({ ports: [{ protocol: 'UDP', port: 'serve-81-udp' }] }, ['ingress']))),
    ],
  ),
  actionCase(
    'namespace-create-delete',
    'A namespace that matches a peer appears and goes',
    ['create-namespace', 'delete-namespace', 'create-pod'],
    [
      step('policy created', apply(basePolicy())),
      step(
        'namespace y-2 with pods created',
        { do: 'create-namespace', key: 'y-2', labels: { ns: 'y' } },
        { do: 'create-pod', namespace: 'y-2', pod: 'a', labels: { pod: 'a' } },
        { do: 'create-pod', namespace: 'y-2', pod: 'b', labels: { pod: 'b' } },
      ),
      step('namespace y-2 deleted', { do: 'delete-namespace', key: 'y-2' }),
    ],
  ),
  actionCase(
    'pod-create-delete',
    'A pod that a policy selects appears and goes',
    ['create-pod', 'delete-pod'],
    [
      step('policy created', apply(policy('x', 'isolate-d', labelled({ pod: 'd' }), { ingress: [], egress: [{}] }))),
      step('pod x/d created', { do: 'create-pod', namespace: 'x', pod: 'd', labels: { pod: 'd' } }),
      step('pod x/d deleted', { do: 'delete-pod', namespace: 'x', pod: 'd' }),
    ],
  ),
  actionCase(
    'policy-retarget',
    'A policy selects other pods when its podSelector changes',
    ['update-policy', 'target'],
    [
      step('x/a isolated', apply(isolate('isolate', labelled({ pod: 'a' })))),
      step('x/b isolated instead', apply(isolate('isolate', labelled({ pod: 'b' })))),
      step('all isolated', apply(isolate('isolate', everything))),
    ],
  ),
  actionCase(
    'policy-stack-unstack',
    'Policies add up and are taken away one by one',
    ['policy-stack', 'delete-policy'],
    [
      step('deny all', apply(policy('x', 'deny-all', everything, { ingress: [] }))),
      step(
        'y admitted',
        apply(
          policy('x', 'admit-y', everything, { ingress: [{ peers: [{ namespaceSelector: labelled({ ns: 'y' }) }] }] }),
        ),
      ),
      step(
        'z admitted too',
        apply(
          policy('x', 'admit-z', everything, { ingress: [{ peers: [{ namespaceSelector: labelled({ ns: 'z' }) }] }] }),
        ),
      ),
      step('y no longer admitted', { do: 'delete-policy', namespace: 'x', name: 'admit-y' }),
      step('deny all deleted, z still the only one', { do: 'delete-policy', namespace: 'x', name: 'deny-all' }),
    ],
  ),
].map(policyCase);
