import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { open, type Check } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetNames, fleetPortSpecs, servicePorts } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const streamBytes = 256 * 1024;
const datagramBytes = 8 * 1024;

export const testCase = defineCase({
  id: 'services-large-request',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  tier: 'extended',
  title: 'A ClusterIP carries large streams and fragmented datagrams both ways',
  tags: ['cluster-ip', 'large'],
  source:
    'e2e: Networking Granular Checks: Services should support basic nodePort: udp/http, should be able to handle large requests',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx));
    const want = open(...fleetNames(ctx));
    const checks = ctx.use(fleet).agents.flatMap((from): Check[] => [
      { from, probe: reach(ctx, 'tcp', service.ip, servicePorts.tcp, streamBytes), want },
      { from, probe: reach(ctx, 'udp', service.ip, servicePorts.udp, datagramBytes), want },
    ]);
    await settleAndExpect(ctx, 'large payloads come back', checks);
  },
});
