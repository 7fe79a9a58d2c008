import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { inCidrs, onTwoNodes } from './support/addresses.ts';
import { describeSeen, open } from '../../harness/table/checks.ts';
import { portFor, reach } from '../../harness/table/probes.ts';
import { fleet, hostAgents } from '../../harness/workload/fleet.ts';
import { assertNone } from '../../harness/table/assertions.ts';

export const testCase = defineCase({
  id: 'connectivity-egress-source',
  area: 'connectivity',
  touches: 'own',
  rights: [],
  uses: [fleet, hostAgents],
  title: 'Traffic leaving the pod network carries an address that is the pod’s or its node’s',
  tags: ['pod-to-node', 'egress', 'source-ip', 'masquerade'],
  needs: [feature('MultiNode')],
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/ip-masq-agent/',
  async run(ctx) {
    const port = portFor(ctx.use(fleet).hostPorts, 'http');
    const nodeIps = new Map(ctx.cluster.info.nodes.map((node) => [node.name, node.ips]));
    const checks = ctx.use(fleet).agents.flatMap((from) =>
      ctx
        .use(fleet)
        .hostAgents.filter((to) => onTwoNodes(from, to))
        .map((to) => ({ from, probe: reach(ctx, 'http', to.ip, port), want: open(to.name) })),
    );
    for (const seen of await settleAndExpect(ctx, 'other nodes answer', checks)) {
      const { from } = seen.check;
      const peer = seen.result.peerSeen ?? '';
      // A tunnel address of the own node is an address of the cluster network that is no pod's.
      const kept = from.ips.includes(peer);
      const own = nodeIps.get(from.node)?.includes(peer) === true || inCidrs(peer, ctx.cluster.info.podCidrs);
      if (!kept && !own) expect.fail(`${describeSeen(seen)}: the source is neither the pod nor its node`);
      const taken = ctx.use(fleet).agents.filter((agent) => agent !== from && agent.ips.includes(peer));
      assertNone(
        taken.map(({ name, node }) => `${name} on ${node}`),
        `${describeSeen(seen)}: source is another pod`,
      );
      ctx.parameter('source seen outside', kept ? 'pod address' : 'node address');
    }
  },
});
