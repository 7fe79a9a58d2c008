import type { Dispute, Judgement } from './types.ts';

const disputes: Record<Dispute, string> = {
  hairpin: 'implementations differ on a pod that reaches itself through its Service',
  'host-network': 'the specification does not define policy for hostNetwork pods',
  'own-node': 'implementations differ on egress to the node a pod runs on',
  'equal-priority': 'two policies of one priority disagree; the specification lets either win',
  'service-port': 'the Service does not offer this port; what happens then depends on the proxy',
  'external-name': 'where the name leads is for its DNS server to say',
  'domain-names': 'which addresses the names stand for is for DNS servers to say',
  'service-address':
    'the API leaves open whether an egress ipBlock sees the address of the Service or that of its endpoint',
  'source-address':
    "the API leaves open whether policy sees the client's address or that of the node it came through; " +
    "externalTrafficPolicy: Local keeps the client's",
};

/** Returns the judgement for a terminal: one line with the verdict, one per direction that policy decided. */
export function explain({ verdict, reason, disputed }: Judgement): string {
  const sides = [reason.egress, reason.ingress].filter((it) => it !== undefined);
  const lines = sides.map((it) => `  ${it.direction} ${it.admitted ? 'admitted' : 'denied'}: ${it.text}`);
  const word = verdict === 'undecided' ? 'undecided' : 'disputed';
  const doubt = disputed === undefined ? [] : [`  ${word}: ${disputes[disputed]}`];
  return `${[reason.text, ...lines, ...doubt].join('\n')}\n`;
}
