import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { onTwoNodes, pairs } from './support/addresses.ts';
import { open } from '../../harness/table/checks.ts';
import { portFor, reach, transports } from '../../harness/table/probes.ts';
import { fleet, hostAgents } from '../../harness/workload/fleet.ts';

export const testCase = defineCase({
  id: 'connectivity-node-to-node',
  area: 'connectivity',
  touches: 'own',
  rights: [],
  uses: [fleet, hostAgents],
  title: 'HostNetwork pods reach each other by node address, which is the address they report',
  tags: ['host-network'],
  needs: [feature('MultiNode')],
  source: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
  async run(ctx) {
    const nodes = new Map(ctx.cluster.info.nodes.map((node) => [node.name, node]));
    const checks = pairs(ctx.use(fleet).hostAgents, onTwoNodes).flatMap(([from, to]) =>
      (nodes.get(to.node)?.ips ?? []).flatMap((ip) =>
        transports.map((kind) => ({
          from,
          probe: reach(ctx, kind, ip, portFor(ctx.use(fleet).hostPorts, kind)),
          want: { ...open(to.name), peers: from.ips },
        })),
      ),
    );
    await settleAndExpect(ctx, 'nodes answer each other', checks);
  },
});
