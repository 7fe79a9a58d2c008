import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { noAgentAnswers, type Check } from '../../harness/table/checks.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { answeredByFleet } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const unserved = 82;

export const testCase = defineCase({
  id: 'services-multi-port',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'Each port of a multi-port Service leads to its own target port, other ports to nothing',
  tags: ['cluster-ip', 'multi-port', 'e2e:conformance'],
  source: 'e2e: Services should serve multiport endpoints from pods',
  async run(ctx) {
    const target = fleetPorts(ctx.use(fleet));
    const service = await serveFleet(ctx, [
      { name: 'web', port: 80, targetPort: target.http },
      { name: 'raw', port: 81, targetPort: target.tcp },
    ]);
    const want = answeredByFleet(ctx, service);
    const checks = ctx.use(fleet).agents.flatMap((from): Check[] => [
      { from, probe: reach(ctx, 'http', service.ip, 80), want },
      { from, probe: reach(ctx, 'tcp', service.ip, 81), want },
      { from, probe: reach(ctx, 'tcp', service.ip, unserved), want: noAgentAnswers },
    ]);
    await settleAndExpect(ctx, 'both ports answer, a third does not', checks);
  },
});
