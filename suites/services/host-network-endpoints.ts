import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { open } from '../../harness/table/checks.ts';
import { portFor } from '../../harness/table/probes.ts';
import { first } from '../../harness/workload/backends.ts';
import { hostSelector, serve } from '../../harness/workload/serve.ts';
import { everyone, servicePorts, transportChecks } from '../../harness/workload/service-traffic.ts';
import { fleet, hostAgents } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-host-network-endpoints',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet, hostAgents],
  title: 'A Service leads pods and nodes to endpoints in the host network',
  tags: ['cluster-ip', 'host-network'],
  source: 'e2e: Networking Granular Checks: Services should function for service endpoints using hostNetwork',
  async run(ctx) {
    const { namespace } = first(ctx.use(fleet).hostAgents, 'host agent');
    const { hostPorts } = ctx.use(fleet);
    const ports = [
      { name: 'http', port: servicePorts.http, targetPort: portFor(hostPorts, 'http') },
      { name: 'tcp', port: servicePorts.tcp, targetPort: portFor(hostPorts, 'tcp') },
      { name: 'udp', port: servicePorts.udp, protocol: 'UDP', targetPort: portFor(hostPorts, 'udp') },
    ] as const;
    const service = await serve(ctx, { name: ctx.caseId, namespace, selector: hostSelector, ports });
    const want = open(...ctx.use(fleet).hostAgents.map((agent) => agent.name));
    const checks = transportChecks(ctx, everyone(ctx), service.ip, servicePorts, want);
    await settleAndExpect(ctx, 'hostNetwork endpoints answer', checks);
  },
});
