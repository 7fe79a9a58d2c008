import { defineCase, feature } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { first } from '../../harness/workload/backends.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { everyone, fleetPortSpecs, servicePorts } from '../../harness/workload/service-traffic.ts';
import { answeredByFleet } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-external-ip',
  area: 'services',
  touches: beyondOwn('node', 'nodes', 'ports 80 and 9000 of an address of a node lead to the Service'),
  rights: [serviceRights],
  uses: [fleet],
  tier: 'extended',
  title: 'A Service answers on its externalIPs',
  tags: ['external-ip'],
  needs: [feature('KubeProxy', 'externalIPs are a feature of the service proxy')],
  source:
    'e2e: Services should be possible to connect to a service via ExternalIP when the external IP is not assigned to a node',
  async run(ctx) {
    // A node's address: should nobody translate it, the packet still ends inside the cluster.
    const { ip } = first(ctx.cluster.info.nodes, 'node');
    const service = await serveFleet(ctx, fleetPortSpecs(ctx), { externalIPs: [ip] });
    const probe = reach(ctx, 'http', ip, servicePorts.http);
    const want = answeredByFleet(ctx, service);
    ctx.parameter('Service', service.name);
    await settleAndExpect(
      ctx,
      'external IP answers',
      everyone(ctx).map((from) => ({ from, probe, want })),
    );
  },
});
