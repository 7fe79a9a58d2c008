import { parseAddress } from '../base/cidr.ts';
import { asResolution, type Resolution } from './flow.ts';
import { sourceParty } from './party.ts';
import { throughNode, throughPublished } from './published-flow.ts';
import { throughClusterIp } from './service-flow.ts';
import type { Attempt } from './types.ts';
import type { ClusterModelIndex } from './cluster-model-index.ts';

/** Returns what the attempt becomes on the wire; an external IP that a pod, node or Service owns means that object. */
export function resolve(index: ClusterModelIndex, attempt: Attempt): Resolution {
  const from = sourceParty(index, attempt.from);
  const { to } = attempt;
  if (to.kind === 'service') return throughClusterIp(index, attempt, from, index.service(to.namespace, to.name), to.ip);
  const owner = to.kind === 'external' ? index.serviceAt(to.ip) : undefined;
  if (owner !== undefined && to.kind === 'external') return throughClusterIp(index, attempt, from, owner, to.ip);
  const published = to.kind === 'external' ? throughPublished(index, attempt, from, to.ip) : undefined;
  if (published !== undefined) return published;
  const party = sourceParty(index, to);
  const dialled = to.ip === undefined ? party.addresses : [parseAddress(to.ip)];
  const atNode = throughNode(index, attempt, from, party, dialled);
  if (atNode !== undefined) return atNode;
  const target = { party, addresses: dialled, port: attempt.port, protocol: attempt.protocol };
  return asResolution(from, [target]);
}
