import { among, everything, labelled, notAmong, policy } from '../../harness/netpol/build.ts';
import { policyCase } from '../../harness/netpol/run.ts';
import { fromNamespace, once, onXa, podA, tcp, upstream } from '../../harness/netpol/upstream.ts';

/** The cases of the Netpol suite of Kubernetes whose policies are there from the start. */
export const cases = [
  upstream(
    'default-deny-ingress',
    "Supports a 'default-deny-ingress' policy",
    once(policy('x', 'deny-ingress', everything, { ingress: [] })),
    ['deny-all'],
  ),
  upstream(
    'default-deny-all',
    "Supports a 'default-deny-all' policy",
    once(policy('x', 'deny-all', everything, { ingress: [], egress: [] })),
    ['deny-all'],
  ),
  upstream(
    'multiple-selectors',
    'Enforces multiple PodSelectors and NamespaceSelectors',
    once(onXa('allow', [{ namespaceSelector: notAmong('ns', 'x'), podSelector: among('pod', 'b', 'c') }])),
  ),
  upstream(
    'selector-and',
    'A peer with PodSelector AND NamespaceSelector needs both',
    once(onXa('allow', [{ namespaceSelector: labelled({ ns: 'y' }), podSelector: labelled({ pod: 'b' }) }])),
  ),
  upstream(
    'selector-or',
    'Two peers, PodSelector OR NamespaceSelector, need one',
    once(onXa('allow', [{ podSelector: labelled({ pod: 'b' }) }, fromNamespace('y')])),
  ),
  upstream(
    'match-labels-pods',
    'Admits clients by PodSelector matchLabels',
    once(onXa('allow', [{ podSelector: labelled({ pod: 'c' }) }])),
  ),
  upstream(
    'match-expressions-pods',
    'Admits clients by PodSelector matchExpressions',
    once(onXa('allow', [{ podSelector: among('pod', 'a', 'b') }])),
  ),
  upstream(
    'match-expressions-namespaces',
    'Admits clients by NamespaceSelector matchExpressions',
    once(onXa('allow', [{ namespaceSelector: among('ns', 'x', 'y') }])),
  ),
  upstream('namespace-by-label', 'Admits clients by NamespaceSelector', once(onXa('allow', [fromNamespace('y')]))),
  upstream('port-81', 'Admits one port', once(onXa('allow', [fromNamespace('y')], [tcp(81)])), ['numbered-port']),
  upstream(
    'allow-all',
    "Supports an 'allow-all' policy",
    once(policy('x', 'allow-all', everything, { ingress: [{}] })),
    ['allow-all'],
  ),
  upstream(
    'named-port',
    'Admits one named port',
    once(policy('x', 'named', everything, { ingress: [{ ports: [tcp('serve-81-tcp')] }] })),
    ['named-port'],
  ),
  upstream(
    'named-port-one-namespace',
    'Admits one named port from one namespace',
    once(onXa('named', [fromNamespace('y')], [tcp('serve-80-tcp')])),
    ['named-port'],
  ),
  upstream(
    'named-port-egress',
    'Admits egress to one named port',
    once(policy('x', 'named', podA, { egress: [{ ports: [tcp('serve-80-tcp')] }] })),
    ['named-port', 'egress'],
  ),
  upstream(
    'ingress-egress-together',
    'Works with Ingress and Egress in one policy',
    once(
      policy('x', 'both', podA, {
        ingress: [{ peers: [{ podSelector: labelled({ pod: 'b' }) }] }],
        egress: [{ ports: [tcp(80)] }],
      }),
    ),
  ),
  upstream(
    'client-side-egress',
    'Denies egress on the client side although the server allows it',
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
    'A rule with only a protocol admits every port of it',
    once(onXa('udp', [fromNamespace('y')], [{ protocol: 'UDP' }])),
    ['any-port'],
  ),
  upstream('udp-not-tcp', 'A UDP rule does not admit TCP', once(onXa('udp', [], [{ protocol: 'UDP', port: 81 }])), [
    'udp',
  ]),
  upstream(
    'sctp-isolates-tcp',
    'An SCTP rule isolates TCP and UDP',
    once(onXa('sctp', [], [{ protocol: 'SCTP', port: 80 }])),
    ['sctp'],
  ),
].map(policyCase);
