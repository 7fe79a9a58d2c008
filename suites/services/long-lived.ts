import { defineCase, feature } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import { expectKept } from '../../harness/disruption/kept-flows.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { first } from '../../harness/workload/backends.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { sliceObject } from '../../harness/workload/objects.ts';
import { fleetPlace, serve } from '../../harness/workload/serve.ts';
import { clientsOnNodes, servicePorts } from '../../harness/workload/service-traffic.ts';
import { serviceRights, sliceRights } from '../../harness/workload/rights.ts';

const kinds = ['tcp', 'http'] as const;

/** Both kinds in one case: they wait for the same minute. */
export const testCase = defineCase({
  id: 'services-long-lived-flows',
  area: 'services',
  touches: 'own',
  rights: [serviceRights, sliceRights],
  uses: [fleet],
  idleLoad: idleLoads.keptFlows,
  title: 'TCP and HTTP connections through a ClusterIP outlive a minute, in steady use and with long gaps',
  tags: ['long-lived', 'tcp', 'http', 'cluster-ip', 'idle', 'conntrack', 'every-node'],
  needs: [feature('MultiNode')],
  source: 'https://kubernetes.io/docs/reference/networking/virtual-ips/',
  async run(ctx) {
    const clients = clientsOnNodes(ctx);
    // Not the first of its node, which is a client.
    const to = first(ctx.use(fleet).agents.toReversed(), 'standing pod');
    const own = fleetPorts(ctx.use(fleet));
    const place = fleetPlace(ctx);
    const service = await serve(ctx, {
      ...place,
      ports: kinds.map((kind) => ({ name: kind, port: servicePorts[kind] })),
    });
    const ports = kinds.map((kind) => ({ name: kind, port: own[kind] }));
    await ctx.apply(sliceObject({ ...place, service: place.name, addresses: [to.ip], ports }));
    const flows = clients.flatMap((from) =>
      kinds.map((kind) => ({ from, probe: reach(ctx, kind, service.ip, servicePorts[kind]), server: to.name })),
    );
    await expectKept(ctx, flows);
  },
});
