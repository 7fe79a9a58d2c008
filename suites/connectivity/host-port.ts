import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import { open, type Check } from '../../harness/table/checks.ts';
import { startWithHostPort } from './support/host-port.ts';
import { reach } from '../../harness/table/probes.ts';
import { first } from '../../harness/workload/backends.ts';
import { everyone } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';

const hostPort = 18_443;

export const testCase = defineCase({
  id: 'connectivity-host-port',
  area: 'connectivity',
  touches: beyondOwn('node', 'host-ports', 'a pod takes port 18443 of a node'),
  rights: [],
  uses: [fleet],
  title: 'A hostPort leads pods and nodes from the node address to the pod, over TCP and UDP',
  tags: ['host-port', 'e2e:conformance'],
  needs: [feature('HostPort')],
  source:
    'e2e: HostPort validates that there is no conflict between pods with same hostPort but different hostIP and protocol',
  async run(ctx) {
    const node = first(
      ctx.cluster.info.nodes.filter((one) => one.schedulable),
      'schedulable node',
    );
    const pod = await startWithHostPort(ctx, 'exposed', node.name, hostPort);
    const checks = everyone(ctx).flatMap((from): Check[] => [
      { from, probe: reach(ctx, 'tcp', node.ip, hostPort), want: open(pod.name) },
      { from, probe: reach(ctx, 'udp', node.ip, hostPort), want: open(pod.name) },
    ]);
    await settleAndExpect(ctx, 'host port answers', checks);
  },
});
