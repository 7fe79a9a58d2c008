import { defineCase } from '../../harness/case/define-case.ts';
import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetPortSpecs, servicePorts, transportChecks } from '../../harness/workload/service-traffic.ts';
import { answeredByFleet } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-cluster-ip-every-node',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'A ClusterIP answers pods on every node over TCP, UDP and HTTP',
  tags: ['cluster-ip', 'e2e:conformance'],
  source:
    'e2e: Services should serve a basic endpoint from pods; https://kubernetes.io/docs/concepts/services-networking/service/#type-clusterip',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx));
    const want = answeredByFleet(ctx, service);
    const checks = transportChecks(ctx, ctx.use(fleet).agents, service.ip, servicePorts, want);
    await settleAndExpect(ctx, 'ClusterIP answers from every node', checks);
  },
});
