import { basePolicy } from '../support/policy/base.ts';
import { removable } from '../../harness/case/grid-layout.ts';
import { apply, everything, labelled, type Peer, policy, step } from '../support/policy/build.ts';
import { policyCase } from '../support/policy/run.ts';
import type { PolicyCase } from '../support/policy/types.ts';

const isolate = (name: string, selector: Parameters<typeof policy>[2]) => policy('x', name, selector, { ingress: [] });
const admit = (...peers: Peer[]) => policy('x', 'admit', labelled({ pod: 'a' }), { ingress: [{ peers }] });

const withoutRemovable = Object.fromEntries(Object.keys(removable).map((label) => [label, null]));

const mutation = (name: string, title: string, tags: string[], steps: PolicyCase['steps']): PolicyCase => ({
  id: `networkpolicy-action-${name}`,
  title,
  tags: ['action', ...tags],
  tier: 'extended',
  steps,
});

/**
 * Everything that can change under a policy, and back. Labels come and go in one step on two objects: a CNI that sits on
 * labels for half a minute does so once.
 */
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
    'namespace-relabel',
    'a namespace is labelled into a peer, and another out of one',
    ['set-namespace-labels'],
    [
      step(
        'policy created',
        apply(
          admit(
            { namespaceSelector: labelled({ 'new-ns': 'qrs' }) },
            { namespaceSelector: labelled({ ns: 'z', ...removable }) },
          ),
        ),
      ),
      step(
        'y labelled, label of z removed',
        { do: 'label-namespace', namespace: 'y', labels: { 'new-ns': 'qrs' } },
        { do: 'label-namespace', namespace: 'z', labels: withoutRemovable },
      ),
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
    'pod-relabel-peer',
    'a pod is labelled into a peer, and another out of one',
    ['set-pod-labels'],
    [
      step(
        'policy created',
        apply(
          admit(
            { namespaceSelector: labelled({ ns: 'y' }), podSelector: labelled({ 'new-label': 'abc' }) },
            { namespaceSelector: labelled({ ns: 'z' }), podSelector: labelled(removable) },
          ),
        ),
      ),
      step(
        'y/a labelled, label of z/a removed',
        { do: 'label-pod', namespace: 'y', pod: 'a', labels: { 'new-label': 'abc' } },
        { do: 'label-pod', namespace: 'z', pod: 'a', labels: withoutRemovable },
      ),
    ],
  ),
  mutation(
    'pod-relabel-target',
    'a pod is labelled into isolation, and another out of it',
    ['set-pod-labels', 'target'],
    [
      step(
        'policies select x/b alone',
        apply(isolate('isolate', labelled({ target: 'isolated' }))),
        apply(isolate('isolate-b', labelled({ pod: 'b', ...removable }))),
      ),
      step(
        'x/a labelled, label of x/b removed',
        { do: 'label-pod', namespace: 'x', pod: 'a', labels: { target: 'isolated' } },
        { do: 'label-pod', namespace: 'x', pod: 'b', labels: withoutRemovable },
      ),
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
