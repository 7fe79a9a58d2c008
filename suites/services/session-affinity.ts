import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { everyNth } from '../../harness/base/every-nth.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { open } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { expectSticky, fleetNames, fleetPortSpecs, servicePorts } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const tries = 40;
/** On clusters with more nodes a sample of them. */
const mostNodes = 20;

export const cases = (['ClusterIP', 'NodePort'] as const).map((type) =>
  defineCase({
    id: `services-affinity-${type === 'ClusterIP' ? 'cluster-ip' : 'node-port'}`,
    area: 'services',
    touches: 'own',
    rights: [serviceRights],
    uses: [fleet],
    title: `With ClientIP affinity one pod answers all connections of a client to a ${type}`,
    tags: ['affinity', 'e2e:conformance'],
    needs: type === 'NodePort' ? [feature('NodePort')] : [],
    source: `e2e: Services should have session affinity work for ${type === 'ClusterIP' ? 'service with type clusterIP' : 'NodePort service'}`,
    async run(ctx) {
      const service = await serveFleet(ctx, fleetPortSpecs(ctx), { type, sessionAffinity: 'ClientIP' });
      const port = type === 'ClusterIP' ? servicePorts.tcp : service.nodePort(servicePorts.tcp);
      const nodes = everyNth(ctx.cluster.info.nodes, mostNodes).map(({ ip }) => ip);
      const probes = (type === 'ClusterIP' ? [service.ip] : nodes).map((host) => reach(ctx, 'tcp', host, port));
      if (probes.length === 0) throw new InconclusiveError('the cluster reports no nodes');
      ctx.parameter('addresses asked', (type === 'ClusterIP' ? [service.ip] : nodes).join(', '));
      const want = open(...fleetNames(ctx));
      const clients = ctx.use(fleet).agents;
      await settleAndExpect(
        ctx,
        'Service with affinity answers',
        probes.flatMap((probe) => clients.map((from) => ({ from, probe, want }))),
      );
      for (const probe of probes) for (const from of clients) await expectSticky(ctx, from, probe, tries);
      expect(clients, 'clients asked').to.have.lengthOf.above(0);
    },
  }),
);
