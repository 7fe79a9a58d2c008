import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { sliceObject } from '../../harness/workload/objects.ts';
import { serve } from '../../harness/workload/serve.ts';
import { clientsOnNodes, expectResponders, settleOnResponders } from '../../harness/workload/service-traffic.ts';
import { fleetModel, namesBehind } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights, sliceRights } from '../../harness/workload/rights.ts';

const layouts = [
  {
    id: 'services-manual-endpointslice',
    title: 'A Service without selector leads to the endpoints of a hand-made EndpointSlice',
    source: 'e2e: EndpointSlice should support a Service with no selector; KEP-752',
    slices: 1,
  },
  {
    id: 'services-several-endpointslices',
    title: 'A Service with several EndpointSlices leads to the endpoints of all of them',
    source:
      'e2e: EndpointSlice should support a Service with multiple endpoint IPs specified in multiple EndpointSlices',
    slices: 3,
  },
] as const;

export const cases = layouts.map(({ id, title, source, slices }) =>
  defineCase({
    id,
    area: 'services',
    touches: 'own',
    rights: [serviceRights, sliceRights],
    uses: [fleet],
    title,
    tags: ['endpointslice', 'e2e:conformance'],
    source,
    async run(ctx) {
      const namespace = await ctx.namespace();
      const { http } = fleetPorts(ctx.use(fleet));
      const service = await serve(ctx, { name: 'by-hand', namespace, ports: [{ name: 'web', port: 80 }] });
      const addresses = ctx.use(fleet).agents.map((agent) => agent.ip);
      const shares = Array.from({ length: slices }, (_, n) => addresses.filter((_ip, i) => i % slices === n));
      const filled = shares.filter((share) => share.length > 0);
      expect(filled, 'EndpointSlices with an address').to.have.lengthOf(Math.min(slices, addresses.length));
      const ports = [{ name: 'web', port: http }];
      const made = filled.map((share, n) =>
        sliceObject({ name: `by-hand-${n}`, namespace, service: 'by-hand', addresses: share, ports }),
      );
      await ctx.apply(...made);
      const from = clientsOnNodes(ctx);
      const probe = reach(ctx, 'http', service.ip, 80);
      const names = namesBehind(fleetModel(ctx, service.object, ...made), service);
      await settleOnResponders(ctx, 'endpoints of every slice answer', { from, probe, names });
      await expectResponders(ctx, { from, probe, names });
    },
  }),
);
