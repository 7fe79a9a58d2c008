import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import { closed, open, type Want } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { first } from '../../harness/workload/backends.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { clientsOnNodes } from '../../harness/workload/service-traffic.ts';
import { startWithHostPort } from './support/host-port.ts';
import { removePodRights } from '../../harness/workload/rights.ts';

const hostPort = 18_444;

export const testCase = defineCase({
  id: 'connectivity-host-port-released',
  area: 'connectivity',
  touches: beyondOwn('node', 'host-ports', 'pods take port 18444 of a node'),
  rights: [removePodRights],
  uses: [fleet],
  tier: 'extended',
  title: 'A hostPort is free once its pod is gone, and leads to the next pod that claims it',
  tags: ['host-port'],
  needs: [feature('HostPort')],
  source: 'https://www.cni.dev/plugins/current/meta/portmap/',
  async run(ctx) {
    const hosts = ctx.cluster.info.nodes.filter((one) => one.schedulable);
    const node = first(hosts, 'schedulable node');
    const clients = clientsOnNodes(ctx);
    const expectOn = (what: string, want: Want) =>
      settleAndExpect(
        ctx,
        what,
        (['tcp', 'udp'] as const).flatMap((kind) =>
          clients.map((from) => ({ from, probe: reach(ctx, kind, node.ip, hostPort), want })),
        ),
      );
    const one = await startWithHostPort(ctx, 'one', node.name, hostPort);
    await expectOn('host port leads to the first pod', open(one.name));
    const pod = { apiVersion: 'v1', kind: 'Pod', namespace: one.namespace, name: one.name };
    await ctx.kube.remove(pod, { awaitGone: true, gracePeriodSeconds: 0 });
    await expectOn('host port leads nowhere without its pod', closed);
    const two = await startWithHostPort(ctx, 'two', node.name, hostPort);
    await expectOn('host port leads to the second pod', open(two.name));
  },
});
