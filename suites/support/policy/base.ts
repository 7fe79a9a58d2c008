import { among, type Direction, labelled, policy, type Peer, type Port } from './build.ts';
import type { PolicySpec, PolicyTemplate } from './types.ts';

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
