import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { open } from '../../harness/table/checks.ts';
import { reach, transports } from '../../harness/table/probes.ts';
import { first, startPods } from '../../harness/workload/backends.ts';
import { everyone, podPorts } from '../../harness/workload/service-traffic.ts';
import { portFor } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';

export const testCase = defineCase({
  id: 'connectivity-new-pod',
  area: 'connectivity',
  touches: 'own',
  rights: [],
  uses: [fleet],
  title: 'A new pod is reachable from every pod and node, and reaches them, as soon as it is Ready',
  tags: ['pod-start'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/#the-kubernetes-network-model',
  async run(ctx) {
    const pod = first(await startPods(ctx, 'fresh', [{ name: 'fresh' }]), 'pod');
    const inward = everyone(ctx).flatMap((from) =>
      transports.map((kind) => ({
        from,
        probe: reach(ctx, kind, pod.ip, portFor(podPorts, kind)),
        want: open(pod.name),
      })),
    );
    const outward = ctx.use(fleet).agents.map((to) => ({
      from: pod,
      probe: reach(ctx, 'tcp', to.ip, portFor(ctx.use(fleet).ports, 'tcp')),
      want: open(to.name),
    }));
    await settleAndExpect(ctx, 'new pod is connected', [...inward, ...outward]);
  },
});
