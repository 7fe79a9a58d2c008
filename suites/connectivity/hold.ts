import { defineCase } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import { open } from '../../harness/table/checks.ts';
import { fleetPorts, reach, transports } from '../../harness/table/probes.ts';
import { pairs } from './support/addresses.ts';
import { holdChecks } from '../../harness/workload/hold-checks.ts';
import { fleet } from '../../harness/workload/fleet.ts';

export const testCase = defineCase({
  id: 'connectivity-hold',
  area: 'connectivity',
  touches: 'own',
  rights: [],
  uses: [fleet],
  title: 'Pods go on reaching each other on every path, without a relapse and without delay',
  tags: ['intermittent', 'latency', 'every-node'],
  idleLoad: idleLoads.hold,
  source: 'https://kubernetes.io/docs/concepts/services-networking/#the-kubernetes-network-model',
  async run(ctx) {
    const ports = fleetPorts(ctx.use(fleet));
    const checks = pairs(ctx.use(fleet).agents, () => true).flatMap(([from, to]) =>
      transports.map((kind) => ({ from, probe: reach(ctx, kind, to.ip, ports[kind]), want: open(to.name) })),
    );
    await holdChecks(ctx, 'every pair of pods answers', checks);
  },
});
