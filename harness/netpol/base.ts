import { among, type Direction, inSteps, labelled, policy, type Peer, type Port } from './build.ts';
import type { PolicyCase, PolicySpec, PolicyTemplate } from './types.ts';

/** Pods b and c of the other two namespaces: admits some and refuses some of every kind of peer. */
export const basePeer: Peer = { namespaceSelector: among('ns', 'y', 'z'), podSelector: among('pod', 'b', 'c') };
export const basePort: Port = { protocol: 'TCP', port: 80 };
export const baseTarget: PolicySpec['podSelector'] = labelled({ pod: 'a' });

/** The policy most families vary: `x/a` admits `basePeer` on TCP 80, in the directions named. */
export function basePolicy(
  rule: { peers?: Peer[] | undefined; ports?: Port[] | undefined } = {},
  only: readonly Direction[] = ['ingress', 'egress'],
): PolicyTemplate {
  const peers = 'peers' in rule ? rule.peers : [basePeer];
  const ports = 'ports' in rule ? rule.ports : [basePort];
  const full = [{ peers, ports }];
  const rules = Object.fromEntries(only.map((direction) => [direction, full]));
  return policy('x', 'base', baseTarget, rules);
}

/** Returns a policy that admits nobody to the pods of x it selects. */
export function isolate(name: string, target: PolicySpec['podSelector']): PolicyTemplate {
  return policy('x', name, target, { ingress: [] });
}

/** Returns a case of something that changes under a policy. */
export function actionCase(name: string, title: string, tags: string[], steps: PolicyCase['steps']): PolicyCase {
  return inSteps(`action-${name}`, title, ['action', ...tags], steps, { tier: 'extended' });
}
