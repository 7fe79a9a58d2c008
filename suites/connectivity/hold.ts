import { defineCase } from '../../harness/case/define-case.ts';
import { difference, open } from '../../harness/table/checks.ts';
import { holdPaths } from '../../harness/table/path-hold.ts';
import { fleetPorts, reach, transports } from '../../harness/table/probes.ts';
import { pairs } from './support/addresses.ts';
import { loopbackOf } from '../../harness/workload/loopback.ts';
import { fleet } from '../../harness/workload/fleet.ts';

export const testCase = defineCase({
  id: 'connectivity-hold',
  area: 'connectivity',
  uses: [fleet],
  title: 'Pods go on reaching each other on every path, without a relapse and without delay',
  tags: ['intermittent', 'latency', 'every-node'],
  mostlyIdle: true,
  source: 'https://kubernetes.io/docs/concepts/services-networking/#the-kubernetes-network-model',
  async run(ctx) {
    const ports = fleetPorts(ctx.use(fleet));
    const timeoutMs = ctx.timeouts.holdProbeMs;
    const paths = pairs(ctx.use(fleet).agents, () => true).flatMap(([from, to]) =>
      transports.map((kind) => {
        const want = open(to.name);
        const probe = { ...reach(ctx, kind, to.ip, ports[kind]), timeoutMs };
        return { from, probe, differs: (result: Parameters<typeof difference>[1]) => difference(want, result) };
      }),
    );
    const { holdEveryMs: everyMs, slowPathMs: slowMs } = ctx.timeouts;
    await holdPaths(ctx, { what: 'every pair of pods answers', paths, control: loopbackOf(ctx), everyMs, slowMs });
  },
});
