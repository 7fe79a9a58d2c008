import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { open } from '../../harness/table/checks.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetNames, fleetPortSpecs, servicePorts, transportChecks } from '../../harness/workload/service-traffic.ts';
import { fleet, hostAgents } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-cluster-ip-from-nodes',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet, hostAgents],
  title: 'A ClusterIP answers processes in the host network of every node',
  tags: ['cluster-ip', 'host-network'],
  source: 'e2e: Networking Granular Checks: Services should function for node-Service',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx));
    const want = open(...fleetNames(ctx));
    const checks = transportChecks(ctx, ctx.use(fleet).hostAgents, service.ip, servicePorts, want);
    await settleAndExpect(ctx, 'ClusterIP answers the host network', checks);
  },
});
