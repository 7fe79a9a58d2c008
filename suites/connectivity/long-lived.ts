import { defineCase, feature } from '../../harness/case/define-case.ts';
import { expectKept } from '../../harness/disruption/kept-flows.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';

export const cases = (['tcp', 'http'] as const).map((kind) =>
  defineCase({
    id: `connectivity-long-lived-${kind}`,
    area: 'connectivity',
    uses: [fleet],
    mostlyIdle: true,
    title: `A ${kind.toUpperCase()} connection between nodes outlives a minute, in steady use and with long gaps`,
    tags: ['long-lived', kind, 'other-node', 'idle'],
    needs: [feature('MultiNode')],
    source: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
    async run(ctx) {
      const [from, to] = ctx.use(fleet).otherNode();
      const probe = reach(ctx, kind, to.ip, fleetPorts(ctx.use(fleet))[kind]);
      await expectKept(ctx, [{ from, probe, server: to.name }]);
    },
  }),
);
