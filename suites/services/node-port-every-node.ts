import { defineCase, feature } from '../../harness/case/define-case.ts';
import { addressesFor } from '../connectivity/support/addresses.ts';
import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetPortSpecs, servicePorts, transportChecks } from '../../harness/workload/service-traffic.ts';
import { answeredByFleet } from '../../harness/workload/expected.ts';
import { fleet, hostAgents } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const clients = {
  pods: 'e2e: Services should be able to create a functioning NodePort service',
  nodes: 'e2e: Networking Granular Checks: Services should function for node-Service',
} as const;

export const cases = (['pods', 'nodes'] as const).map((kind) =>
  defineCase({
    id: `services-node-port-from-${kind}`,
    area: 'services',
    touches: 'own',
    rights: [serviceRights],
    uses: kind === 'pods' ? [fleet] : [fleet, hostAgents],
    title: `A NodePort answers ${kind} on every address of every node over TCP, UDP and HTTP`,
    tags: kind === 'pods' ? ['node-port', 'e2e:conformance'] : ['node-port', 'host-network'],
    needs: [feature('NodePort')],
    source: clients[kind],
    async run(ctx) {
      const service = await serveFleet(ctx, fleetPortSpecs(ctx), { type: 'NodePort' });
      const ports = {
        http: service.nodePort(servicePorts.http),
        tcp: service.nodePort(servicePorts.tcp),
        udp: service.nodePort(servicePorts.udp, 'UDP'),
      };
      const from = kind === 'pods' ? ctx.use(fleet).agents : ctx.use(fleet).hostAgents;
      const want = answeredByFleet(ctx, service);
      const checks = from.flatMap((client) =>
        ctx.cluster.info.nodes
          .flatMap((node) => addressesFor(client, node))
          .flatMap((address) => transportChecks(ctx, [client], address, ports, want)),
      );
      await settleAndExpect(ctx, `NodePort answers ${kind} at every node`, checks);
    },
  }),
);
