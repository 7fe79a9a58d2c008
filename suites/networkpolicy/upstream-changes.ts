import { apply, everything, labelled, policy, step } from '../../harness/netpol/build.ts';
import { policyCase } from '../../harness/netpol/run.ts';
import { fromNamespace, onXa, podA, tcp, upstream } from '../../harness/netpol/upstream.ts';

/** The cases of the Netpol suite of Kubernetes in which policies or labels change. */
export const cases = [
  upstream(
    'stacked',
    'Enforces stacked policies with overlapping podSelectors',
    [
      step('81 admitted', apply(onXa('allow-81', [fromNamespace('y')], [tcp(81)]))),
      step('80 admitted too', apply(onXa('allow-80', [fromNamespace('y')], [tcp(80)]))),
    ],
    ['policy-stack'],
  ),
  upstream(
    'allow-all-precedence',
    'Allow-all added to deny-all admits everyone',
    [
      step('denied', apply(policy('x', 'deny', everything, { ingress: [], egress: [] }))),
      step('allowed', apply(policy('x', 'allow', everything, { ingress: [{}], egress: [{}] }))),
    ],
    ['allow-all', 'policy-stack'],
  ),
  upstream(
    'updated-policy',
    'Enforces an updated policy',
    [
      step('allow all', apply(policy('x', 'mutate', everything, { ingress: [{}] }))),
      step('deny all', apply(policy('x', 'mutate', everything, { ingress: [] }))),
    ],
    ['update-policy'],
  ),
  upstream(
    'updated-namespace',
    'Admits an updated namespace',
    [
      step('nobody matches', apply(onXa('ns2', [fromNamespace('nobody')]))),
      step('policy follows the label', apply(onXa('ns2', [{ namespaceSelector: labelled({ ns2: 'updated' }) }]))),
      step('y is labelled', { do: 'label-namespace', namespace: 'y', labels: { ns2: 'updated' } }),
    ],
    ['set-namespace-labels'],
  ),
  upstream(
    'updated-pod',
    'Admits an updated pod',
    [
      step('nobody matches', apply(onXa('pod2', [{ podSelector: labelled({ pod: 'b', pod2: 'updated' }) }]))),
      step('x/b is labelled', { do: 'label-pod', namespace: 'x', pod: 'b', labels: { pod2: 'updated' } }),
    ],
    ['set-pod-labels'],
  ),
  upstream(
    'updated-target',
    'Denies ingress to an updated pod',
    [
      step('nobody isolated', apply(policy('x', 'deny', labelled({ target: 'isolated' }), { ingress: [] }))),
      step('x/a isolated', { do: 'label-pod', namespace: 'x', pod: 'a', labels: { target: 'isolated' } }),
    ],
    ['set-pod-labels'],
  ),
  upstream('ingress-egress-independent', 'Ingress and egress rules are independent', [
    step('ingress isolated', apply(policy('x', 'ingress', podA, { ingress: [{ peers: [fromNamespace('y')] }] }))),
    step('egress isolated too', apply(policy('x', 'egress', podA, { egress: [{ peers: [fromNamespace('z')] }] }))),
    step('only egress left', { do: 'delete-policy', namespace: 'x', name: 'ingress' }),
  ]),
  upstream(
    'deleted-policies',
    'Stops enforcing policies after they are deleted',
    [
      step('deny all', apply(policy('x', 'deny-all', everything, { ingress: [], egress: [] }))),
      step('deleted', { do: 'delete-policy', namespace: 'x', name: 'deny-all' }),
    ],
    ['delete-policy'],
  ),
].map(policyCase);
