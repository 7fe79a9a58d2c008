import { InconclusiveError } from '../../../harness/base/errors.ts';
import type { CaseContext } from '../../../harness/case/types.ts';
import type { KubeObject } from '../../../harness/kube/types.ts';
import type { NodePair } from './nodes.ts';
import { closed, open, type Check } from '../../../harness/table/checks.ts';
import { reach } from '../../../harness/table/probes.ts';

const port = 8090;

/** A server and two clients, of which a policy admits one. */
export interface PolicyFixture {
  readonly namespace: string;
  readonly policy: KubeObject;
  /** Checks for the policy being enforced, or not. */
  checks(enforced: boolean): Check[];
}

/** Starts the server on the near node of the pair, whose agent enforces its ingress, and the clients on the far one. */
export async function startPolicyFixture(ctx: CaseContext, pair: NodePair): Promise<PolicyFixture> {
  const namespace = await ctx.namespace();
  const ports = [{ port, protocol: 'TCP' as const, name: 'tcp' }];
  const spec = (name: string, node: string) => ({ name, namespace, node, ports, labels: { role: name } });
  const agents = await ctx.agents([
    spec('server', pair.near.name),
    spec('friend', pair.far.name),
    spec('stranger', pair.far.name),
  ]);
  const [server, friend, stranger] = agents;
  if (server === undefined || friend === undefined || stranger === undefined) {
    throw new InconclusiveError(`asked for three agents in ${namespace}, got ${agents.length}`);
  }
  const probe = reach(ctx, 'tcp', server.ip, port);
  return {
    namespace,
    policy: admitFriend(namespace),
    checks: (enforced) => [
      { from: friend, probe, want: open('server') },
      { from: stranger, probe, want: enforced ? closed : open('server') },
    ],
  };
}

function admitFriend(namespace: string): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'admit-friend', namespace },
    spec: {
      podSelector: { matchLabels: { role: 'server' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: { matchLabels: { role: 'friend' } } }] }],
    },
  };
}
