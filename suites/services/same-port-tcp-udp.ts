import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { type Check } from '../../harness/table/checks.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { answeredByFleet } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const shared = 5300;

export const testCase = defineCase({
  id: 'services-same-port-tcp-udp',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'One Service port number can lead TCP and UDP to different target ports',
  tags: ['cluster-ip', 'multi-port', 'e2e:conformance'],
  source: 'e2e: Services should serve endpoints on same port and different protocols',
  async run(ctx) {
    const target = fleetPorts(ctx.use(fleet));
    const service = await serveFleet(ctx, [
      { name: 'stream', port: shared, targetPort: target.http },
      { name: 'datagram', port: shared, protocol: 'UDP', targetPort: target.udp },
    ]);
    const want = answeredByFleet(ctx, service);
    const checks = ctx.use(fleet).agents.flatMap((from): Check[] => [
      { from, probe: reach(ctx, 'http', service.ip, shared), want },
      { from, probe: reach(ctx, 'udp', service.ip, shared), want },
    ]);
    await settleAndExpect(ctx, 'both protocols answer', checks);
  },
});
