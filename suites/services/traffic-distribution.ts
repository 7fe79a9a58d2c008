import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { describeSeen, measure, open } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetPortSpecs, servicePorts } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { assertNone } from '../../harness/table/assertions.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const tries = 20;

export const testCase = defineCase({
  id: 'services-traffic-distribution-same-node',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  tier: 'extended',
  title: 'trafficDistribution PreferSameNode keeps traffic on the own node while an endpoint is ready there',
  tags: ['cluster-ip', 'topology'],
  needs: [feature('MultiNode'), feature('KubeProxy', 'the service proxy chooses the endpoint')],
  source:
    'KEP-3015; e2e: Traffic Distribution should route traffic to an endpoint on the same node when using PreferSameNode',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx), { trafficDistribution: 'PreferSameNode' });
    const probe = reach(ctx, 'tcp', service.ip, servicePorts.tcp);
    const checks = ctx.use(fleet).agents.flatMap((from) => {
      const near = ctx
        .use(fleet)
        .onNode(from.node)
        .map((agent) => agent.name);
      return Array.from({ length: tries }, () => ({ from, probe, want: open(...near) }));
    });
    await settleAndExpect(ctx, 'traffic stays on the node', checks);
    const crossed = (await measure(checks)).filter(({ check, result }) =>
      ctx.use(fleet).agents.some((agent) => agent.name === result.responder && agent.node !== check.from.node),
    );
    assertNone(crossed.map(describeSeen), 'answers from another node');
  },
});
