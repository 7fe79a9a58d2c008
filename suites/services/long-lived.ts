import { defineCase, feature } from '../../harness/case/define-case.ts';
import { expectKept } from '../../harness/disruption/kept-flows.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { sliceObject } from '../../harness/workload/objects.ts';
import { fleetPlace, serve } from '../../harness/workload/serve.ts';
import { servicePorts } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';

export const cases = (['tcp', 'http'] as const).map((kind) =>
  defineCase({
    id: `services-long-lived-${kind}`,
    area: 'services',
    uses: [fleet],
    mostlyIdle: true,
    title: `A ${kind.toUpperCase()} connection through a ClusterIP outlives a minute, in steady use and with long gaps`,
    tags: ['long-lived', kind, 'cluster-ip', 'idle', 'conntrack'],
    needs: [feature('MultiNode')],
    source: 'https://kubernetes.io/docs/reference/networking/virtual-ips/',
    async run(ctx) {
      const [from, to] = ctx.use(fleet).otherNode();
      const place = fleetPlace(ctx);
      const port = servicePorts[kind];
      const service = await serve(ctx, { ...place, ports: [{ name: kind, port }] });
      const ports = [{ name: kind, port: fleetPorts(ctx.use(fleet))[kind] }];
      await ctx.apply(sliceObject({ ...place, service: place.name, addresses: [to.ip], ports }));
      await expectKept(ctx, [{ from, probe: reach(ctx, kind, service.ip, port), server: to.name }]);
    },
  }),
);
