import { defineCase } from '../../harness/case/define-case.ts';
import { reach } from '../../harness/table/probes.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import {
  clientsOnNodes,
  fleetNames,
  fleetPortSpecs,
  respondersOf,
  servicePorts,
  settleOnResponders,
  spreadTries,
} from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { assertSame } from '../../harness/table/assertions.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-no-affinity-spreads',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  tier: 'extended',
  title: 'Without affinity the connections of one client reach every ready pod of a Service',
  tags: ['affinity', 'load-balancing'],
  source: 'https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx));
    const names = fleetNames(ctx);
    const probe = reach(ctx, 'tcp', service.ip, servicePorts.tcp);
    const from = clientsOnNodes(ctx);
    await settleOnResponders(ctx, 'every pod answers', { from, probe, names });
    for (const client of from) {
      const answered = await respondersOf(ctx, client, probe, spreadTries(names.length));
      assertSame([...new Set(answered)].sort(), names.toSorted(), `who answered ${client.name} on ${client.node}`);
      for (const name of names) {
        const share = answered.filter((one) => one === name).length / answered.length;
        ctx.measure('share', share, 'ratio', { pod: name, from: client.node });
      }
    }
  },
});
