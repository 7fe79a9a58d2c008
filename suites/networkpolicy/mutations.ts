import { basePolicy } from '../support/policy/base.ts';
import { apply, everything, labelled, policy, step } from '../support/policy/build.ts';
import { policyCase } from '../support/policy/run.ts';
import type { PolicyCase } from '../support/policy/types.ts';

const isolate = (name: string, selector: Parameters<typeof policy>[2]) => policy('x', name, selector, { ingress: [] });

const mutation = (name: string, title: string, tags: string[], steps: PolicyCase['steps']): PolicyCase => ({
  id: `networkpolicy-action-${name}`,
  title,
  tags: ['action', ...tags],
  tier: 'extended',
  steps,
});

/** Policies, pods and namespaces that come, change and go. */
export const cases = [
  mutation(
    'policy-create-delete',
    'a policy takes effect when created and releases when deleted',
    ['create-policy', 'delete-policy'],
    [
      step('policy created', apply(basePolicy())),
      step('policy deleted', { do: 'delete-policy', namespace: 'x', name: 'base' }),
    ],
  ),
  mutation(
    'policy-create-update',
    'a policy changes its meaning when updated',
    ['create-policy', 'update-policy'],
    [
      step('policy created', apply(basePolicy())),
      step('ports replaced', apply(basePolicy({ ports: [{ protocol: 'UDP', port: 'serve-81-udp' }] }, ['ingress']))),
    ],
  ),
  mutation(
    'namespace-create-delete',
    'a namespace that matches a peer appears and goes',
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
  mutation(
    'pod-create-delete',
    'a pod that a policy selects appears and goes',
    ['create-pod', 'delete-pod'],
    [
      step('policy created', apply(policy('x', 'isolate-d', labelled({ pod: 'd' }), { ingress: [], egress: [{}] }))),
      step('pod x/d created', { do: 'create-pod', namespace: 'x', pod: 'd', labels: { pod: 'd' } }),
      step('pod x/d deleted', { do: 'delete-pod', namespace: 'x', pod: 'd' }),
    ],
  ),
  mutation(
    'policy-retarget',
    'a policy selects other pods when its podSelector changes',
    ['update-policy', 'target'],
    [
      step('x/a isolated', apply(isolate('isolate', labelled({ pod: 'a' })))),
      step('x/b isolated instead', apply(isolate('isolate', labelled({ pod: 'b' })))),
      step('all isolated', apply(isolate('isolate', everything))),
    ],
  ),
  mutation(
    'policy-stack-unstack',
    'policies add up and are taken away one by one',
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
