import { apply, idOf, labelled, policy, step, type Peer, type Port } from './build.ts';
import type { PolicyCase, PolicyTemplate } from './types.ts';

const source = 'https://github.com/kubernetes/kubernetes/blob/master/test/e2e/network/netpol/network_policy.go';

export const podA = labelled({ pod: 'a' });
export const fromNamespace = (ns: string): Peer => ({ namespaceSelector: labelled({ ns }) });
export const tcp = (port: Port['port']): Port => ({ protocol: 'TCP', port });
export const onXa = (name: string, peers: Peer[], ports?: Port[]) =>
  policy('x', name, podA, { ingress: [{ peers, ...(ports === undefined ? {} : { ports }) }] });

/** Returns a case of the Netpol suite of Kubernetes, TCP and UDP at once; expectations come from the oracle. */
export function upstream(name: string, title: string, steps: PolicyCase['steps'], tags: string[] = []): PolicyCase {
  return { id: `networkpolicy-${idOf('e2e', name)}`, title, tags: ['upstream-e2e', ...tags], steps, source };
}

export const once = (...policies: PolicyTemplate[]) => [step('policies applied', ...policies.map(apply))];
