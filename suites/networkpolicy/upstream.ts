import { among, everything, labelled, notAmong, policy } from '../../harness/netpol/build.ts';
import { policyCase } from '../../harness/netpol/run.ts';
import { fromNamespace, once, onXa, podA, tcp, upstream } from '../../harness/netpol/upstream.ts';

/** The cases of the Netpol suite of Kubernetes whose policies are there from the start. */
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
    'allow-all',
    "supports an 'allow-all' policy",
    once(policy('x', 'allow-all', everything, { ingress: [{}] })),
    ['allow-all'],
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
    'ingress-egress-together',
    'works with Ingress and Egress in one policy',
    once(
      policy('x', 'both', podA, {
        ingress: [{ peers: [{ podSelector: labelled({ pod: 'b' }) }] }],
        egress: [{ ports: [tcp(80)] }],
      }),
    ),
  ),
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
