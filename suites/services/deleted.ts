import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { noAgentAnswers, open, type Want } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { first } from '../../harness/workload/backends.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetNames, fleetPortSpecs, servicePorts } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-deleted',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'A deleted Service answers neither on its ClusterIP nor on its node port; another one goes on',
  tags: ['mutation', 'node-port'],
  needs: [feature('NodePort')],
  source: 'e2e: Services should be able to up and down services',
  async run(ctx) {
    const [service, other] = await Promise.all([
      serveFleet(ctx, fleetPortSpecs(ctx), { type: 'NodePort' }, '-a'),
      serveFleet(ctx, fleetPortSpecs(ctx), {}, '-b'),
    ]);
    const node = first(ctx.cluster.info.nodes, 'node').ip;
    const nodePort = service.nodePort(servicePorts.tcp);
    const table = (deleted: Want, lasting: Want) =>
      ctx.use(fleet).agents.flatMap((from) => [
        { from, probe: reach(ctx, 'tcp', service.ip, servicePorts.tcp), want: deleted },
        { from, probe: reach(ctx, 'tcp', node, nodePort), want: deleted },
        { from, probe: reach(ctx, 'tcp', other.ip, servicePorts.tcp), want: lasting },
      ]);
    const served = open(...fleetNames(ctx));
    await settleAndExpect(ctx, 'both Services answer', table(served, served));
    await ctx.remove(service.ref);
    await settleAndExpect(ctx, 'deleted Service is silent', table(noAgentAnswers, served));
  },
});
