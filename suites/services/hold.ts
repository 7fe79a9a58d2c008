import { defineCase, feature } from '../../harness/case/define-case.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { type Check, difference } from '../../harness/table/checks.ts';
import { holdPaths } from '../../harness/table/path-hold.ts';
import { loopbackOf } from '../../harness/workload/loopback.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { everyone, fleetPortSpecs, servicePorts, transportChecks } from '../../harness/workload/service-traffic.ts';
import { addressesFor } from '../connectivity/support/addresses.ts';
import { answeredByFleet } from '../../harness/workload/expected.ts';
import { onePodANode } from '../../harness/probe/standing-fleet.ts';
import { fleet } from '../../harness/workload/fleet.ts';

const shared = {
  area: 'services',
  uses: [fleet],
  tags: ['intermittent', 'latency', 'every-node'],
  mostlyIdle: true,
} as const;

export const cases = [
  defineCase({
    ...shared,
    id: 'services-hold-cluster-ip',
    title: 'A ClusterIP goes on answering every pod and every node, without a relapse and without delay',
    source: 'https://kubernetes.io/docs/concepts/services-networking/service/#type-clusterip',
    async run(ctx) {
      const service = await serveFleet(ctx, fleetPortSpecs(ctx));
      const want = answeredByFleet(ctx, service);
      await holdChecks(ctx, 'ClusterIP answers', transportChecks(ctx, everyone(ctx), service.ip, servicePorts, want));
    },
  }),
  defineCase({
    ...shared,
    id: 'services-hold-node-port',
    title: 'A NodePort of every node goes on answering, without a relapse and without delay',
    needs: [feature('NodePort')],
    source: 'https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport',
    async run(ctx) {
      const service = await serveFleet(ctx, fleetPortSpecs(ctx), { type: 'NodePort' });
      const ports = { tcp: service.nodePort(servicePorts.tcp), udp: service.nodePort(servicePorts.udp, 'UDP') };
      const clients = onePodANode(ctx.use(fleet).agents);
      const checks = clients.flatMap((from) =>
        ctx.cluster.info.nodes
          .flatMap((node) => addressesFor(from, node))
          .flatMap((address) => transportChecks(ctx, [from], address, ports, answeredByFleet(ctx, service))),
      );
      await holdChecks(ctx, 'NodePort answers', checks);
    },
  }),
];

function holdChecks(ctx: CaseContext, what: string, checks: readonly Check[]): Promise<void> {
  const { holdEveryMs: everyMs, slowPathMs: slowMs, holdProbeMs: timeoutMs } = ctx.timeouts;
  const paths = checks.map(({ from, probe, want }) => ({
    from,
    probe: { ...probe, timeoutMs },
    differs: (result: Parameters<typeof difference>[1]) => difference(want, result),
  }));
  return holdPaths(ctx, { what, paths, control: loopbackOf(ctx), everyMs, slowMs });
}
