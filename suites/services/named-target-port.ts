import { defineCase } from '../../harness/case/define-case.ts';
import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { servicePorts, transportChecks } from '../../harness/workload/service-traffic.ts';
import { answeredByFleet } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-named-target-port',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'A target port given by name leads to the container port of that name and protocol',
  tags: ['cluster-ip', 'named-port'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
  async run(ctx) {
    const service = await serveFleet(ctx, [
      { name: 'web', port: servicePorts.http, targetPort: 'http' },
      { name: 'raw', port: servicePorts.tcp, targetPort: 'tcp' },
      { name: 'datagrams', port: servicePorts.udp, protocol: 'UDP', targetPort: 'udp' },
    ]);
    const want = answeredByFleet(ctx, service);
    const checks = transportChecks(ctx, ctx.use(fleet).agents, service.ip, servicePorts, want);
    await settleAndExpect(ctx, 'named target ports answer', checks);
  },
});
