import {
  among,
  apply,
  everything,
  idOf,
  labelled,
  notAmong,
  policy,
  step,
  type Peer,
  type Port,
} from '../support/policy/build.ts';
import { policyCase } from '../support/policy/run.ts';
import type { PolicyCase, PolicyTemplate } from '../support/policy/types.ts';

const source = 'https://github.com/kubernetes/kubernetes/blob/master/test/e2e/network/netpol/network_policy.go';
const podA = labelled({ pod: 'a' });
const fromNamespace = (ns: string): Peer => ({ namespaceSelector: labelled({ ns }) });
const tcp = (port: Port['port']): Port => ({ protocol: 'TCP', port });
const onXa = (name: string, peers: Peer[], ports?: Port[]) =>
  policy('x', name, podA, { ingress: [{ peers, ...(ports === undefined ? {} : { ports }) }] });

function upstream(name: string, title: string, steps: PolicyCase['steps'], tags: string[] = []): PolicyCase {
  return { id: `networkpolicy-${idOf('e2e', name)}`, title, tags: ['upstream-e2e', ...tags], steps, source };
}
const once = (...policies: PolicyTemplate[]) => [step('policies applied', ...policies.map(apply))];

/** The Netpol suite of Kubernetes, TCP and UDP at once; expectations come from the oracle. */
export const cases = [
  upstream(
    'default-deny-ingress',
    "supports a 'default-deny-ingress' policy",
    once(policy('x', 'deny-ingress', everything, { ingress: [] })),
    ['deny-all'],
  ),
  upstream(
    'default-deny-all',
    "supports a 'default-deny-all' policy",
    once(policy('x', 'deny-all', everything, { ingress: [], egress: [] })),
    ['deny-all'],
  ),
  upstream(
    'multiple-selectors',
    'enforces multiple PodSelectors and NamespaceSelectors',
    once(onXa('allow', [{ namespaceSelector: notAmong('ns', 'x'), podSelector: among('pod', 'b', 'c') }])),
  ),
  upstream(
    'selector-and',
    'a peer with PodSelector AND NamespaceSelector needs both',
    once(onXa('allow', [{ namespaceSelector: labelled({ ns: 'y' }), podSelector: labelled({ pod: 'b' }) }])),
  ),
  upstream(
    'selector-or',
    'two peers, PodSelector OR NamespaceSelector, need one',
    once(onXa('allow', [{ podSelector: labelled({ pod: 'b' }) }, fromNamespace('y')])),
  ),
  upstream(
    'match-labels-pods',
    'admits clients by PodSelector matchLabels',
    once(onXa('allow', [{ podSelector: labelled({ pod: 'c' }) }])),
  ),
  upstream(
    'match-expressions-pods',
    'admits clients by PodSelector matchExpressions',
    once(onXa('allow', [{ podSelector: among('pod', 'a', 'b') }])),
  ),
  upstream(
    'match-expressions-namespaces',
    'admits clients by NamespaceSelector matchExpressions',
    once(onXa('allow', [{ namespaceSelector: among('ns', 'x', 'y') }])),
  ),
  upstream('namespace-by-label', 'admits clients by NamespaceSelector', once(onXa('allow', [fromNamespace('y')]))),
  upstream('port-81', 'admits one port', once(onXa('allow', [fromNamespace('y')], [tcp(81)])), ['numbered-port']),
  upstream(
    'stacked',
    'enforces stacked policies with overlapping podSelectors',
    [
      step('81 admitted', apply(onXa('allow-81', [fromNamespace('y')], [tcp(81)]))),
      step('80 admitted too', apply(onXa('allow-80', [fromNamespace('y')], [tcp(80)]))),
    ],
    ['policy-stack'],
  ),
  upstream(
    'allow-all',
    "supports an 'allow-all' policy",
    once(policy('x', 'allow-all', everything, { ingress: [{}] })),
    ['allow-all'],
  ),
  upstream(
    'allow-all-precedence',
    'allow-all added to deny-all admits everyone',
    [
      step('denied', apply(policy('x', 'deny', everything, { ingress: [], egress: [] }))),
      step('allowed', apply(policy('x', 'allow', everything, { ingress: [{}], egress: [{}] }))),
    ],
    ['allow-all', 'policy-stack'],
  ),
  upstream(
    'named-port',
    'admits one named port',
    once(policy('x', 'named', everything, { ingress: [{ ports: [tcp('serve-81-tcp')] }] })),
    ['named-port'],
  ),
  upstream(
    'named-port-one-namespace',
    'admits one named port from one namespace',
    once(onXa('named', [fromNamespace('y')], [tcp('serve-80-tcp')])),
    ['named-port'],
  ),
  upstream(
    'named-port-egress',
    'admits egress to one named port',
    once(policy('x', 'named', podA, { egress: [{ ports: [tcp('serve-80-tcp')] }] })),
    ['named-port', 'egress'],
  ),
  upstream(
    'updated-policy',
    'enforces an updated policy',
    [
      step('allow all', apply(policy('x', 'mutate', everything, { ingress: [{}] }))),
      step('deny all', apply(policy('x', 'mutate', everything, { ingress: [] }))),
    ],
    ['update-policy'],
  ),
  upstream(
    'updated-namespace',
    'admits an updated namespace',
    [
      step('nobody matches', apply(onXa('ns2', [fromNamespace('nobody')]))),
      step('policy follows the label', apply(onXa('ns2', [{ namespaceSelector: labelled({ ns2: 'updated' }) }]))),
      step('y is labelled', { do: 'label-namespace', namespace: 'y', labels: { ns2: 'updated' } }),
    ],
    ['set-namespace-labels'],
  ),
  upstream(
    'updated-pod',
    'admits an updated pod',
    [
      step('nobody matches', apply(onXa('pod2', [{ podSelector: labelled({ pod: 'b', pod2: 'updated' }) }]))),
      step('x/b is labelled', { do: 'label-pod', namespace: 'x', pod: 'b', labels: { pod2: 'updated' } }),
    ],
    ['set-pod-labels'],
  ),
  upstream(
    'updated-target',
    'denies ingress to an updated pod',
    [
      step('nobody isolated', apply(policy('x', 'deny', labelled({ target: 'isolated' }), { ingress: [] }))),
      step('x/a isolated', { do: 'label-pod', namespace: 'x', pod: 'a', labels: { target: 'isolated' } }),
    ],
    ['set-pod-labels'],
  ),
  upstream(
    'ingress-egress-together',
    'works with Ingress and Egress in one policy',
    once(
      policy('x', 'both', podA, {
        ingress: [{ peers: [{ podSelector: labelled({ pod: 'b' }) }] }],
        egress: [{ ports: [tcp(80)] }],
      }),
    ),
  ),
  upstream('ingress-egress-independent', 'ingress and egress rules are independent', [
    step('ingress isolated', apply(policy('x', 'ingress', podA, { ingress: [{ peers: [fromNamespace('y')] }] }))),
    step('egress isolated too', apply(policy('x', 'egress', podA, { egress: [{ peers: [fromNamespace('z')] }] }))),
    step('only egress left', { do: 'delete-policy', namespace: 'x', name: 'ingress' }),
  ]),
  upstream(
    'client-side-egress',
    'denies egress on the client side although the server allows it',
    once(
      policy('x', 'to-ya', podA, { egress: [{ peers: [{ ...fromNamespace('y'), podSelector: podA }] }] }),
      policy('y', 'from-xa-to-a', podA, { ingress: [{ peers: [{ ...fromNamespace('x'), podSelector: podA }] }] }),
      policy('y', 'from-xa-to-b', labelled({ pod: 'b' }), {
        ingress: [{ peers: [{ ...fromNamespace('x'), podSelector: podA }] }],
      }),
    ),
    ['conflict'],
  ),
  upstream(
    'deleted-policies',
    'stops enforcing policies after they are deleted',
    [
      step('deny all', apply(policy('x', 'deny-all', everything, { ingress: [], egress: [] }))),
      step('deleted', { do: 'delete-policy', namespace: 'x', name: 'deny-all' }),
    ],
    ['delete-policy'],
  ),
  upstream(
    'protocol-only',
    'a rule with only a protocol admits every port of it',
    once(onXa('udp', [fromNamespace('y')], [{ protocol: 'UDP' }])),
    ['any-port'],
  ),
  upstream('udp-not-tcp', 'a UDP rule does not admit TCP', once(onXa('udp', [], [{ protocol: 'UDP', port: 81 }])), [
    'udp',
  ]),
  upstream(
    'sctp-isolates-tcp',
    'an SCTP rule isolates TCP and UDP',
    once(onXa('sctp', [], [{ protocol: 'SCTP', port: 80 }])),
    ['sctp'],
  ),
].map(policyCase);
