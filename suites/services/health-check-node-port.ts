import { defineCase, feature } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import type { Agent } from '../../harness/probe/agent-types.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { measure } from '../../harness/table/checks.ts';
import { onePod } from '../../harness/workload/backends.ts';
import { httpPort } from '../../harness/workload/service-traffic.ts';
import { fleet, hostAgents } from '../../harness/workload/fleet.ts';
import { assertSame } from '../../harness/table/assertions.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const [healthy, unhealthy] = [200, 503];

export const testCase = defineCase({
  id: 'services-health-check-node-port',
  area: 'services',
  touches: beyondOwn('cluster', 'load-balancer', 'a load balancer is asked for, which a cloud may bill'),
  rights: [serviceRights],
  uses: [fleet, hostAgents],
  tier: 'extended',
  title: 'The health check node port of a Local LoadBalancer tells which nodes have a ready endpoint',
  tags: ['load-balancer', 'traffic-policy'],
  needs: [feature('KubeProxy', 'who serves the health check'), feature('MultiNode')],
  source: 'e2e: LoadBalancers ESIPP should only target nodes with endpoints',
  async run(ctx) {
    const more = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' };
    const { agent, service } = await onePod(ctx, 'balanced', [httpPort], more);
    const port = service.healthCheckNodePort;
    if (port === undefined) throw new InconclusiveError(`Service ${service.name} got no healthCheckNodePort`);
    const client = (node: string): Agent => {
      const found = ctx.use(fleet).hostAgents.find((one) => one.node === node);
      if (found === undefined) throw new InconclusiveError(`no host agent on ${node}`);
      return found;
    };
    const nodes = ctx.cluster.info.nodes;
    const path = '/healthz';
    const { connectMs: timeoutMs } = ctx.timeouts;
    const checks = nodes.map(({ name, ip }) => ({
      from: client(name),
      probe: { kind: 'http', host: ip, port, path, timeoutMs } as const,
    }));
    const table = async () => (await measure(checks)).map(({ result }) => result.http?.status ?? result.verdict);
    const wanted = nodes.map(({ name }) => (name === agent.node ? healthy : unhealthy));
    await ctx.settle('health check follows the endpoint', async () => {
      const statuses = await table();
      return statuses.join() === wanted.join()
        ? undefined
        : `nodes ${nodes.map((n) => n.name).join()}: ${statuses.join()}`;
    });
    assertSame(await table(), wanted, `health of ${nodes.map((node) => node.name).join(', ')}`);
  },
});
