import { defineCase } from '../../harness/case/define-case.ts';
import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { onePod } from '../../harness/workload/backends.ts';
import { serve } from '../../harness/workload/serve.ts';
import { answeredBy, modelOf, namesBehind } from '../../harness/workload/expected.ts';
import { httpPort, servicePorts } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-publish-not-ready',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  tier: 'extended',
  title: 'publishNotReadyAddresses keeps an unready pod behind its Service, without it the pod is left out',
  tags: ['endpoints', 'readiness'],
  source: 'e2e: Services should create endpoints for unready pods',
  async run(ctx) {
    const { agent, service: strict } = await onePod(ctx, 'unready', [httpPort]);
    const published = await serve(ctx, {
      name: 'published',
      namespace: strict.namespace,
      selector: { app: 'unready' },
      ports: [httpPort],
      more: { publishNotReadyAddresses: true },
    });
    await agent.setReady(false);
    const clients = ctx.use(fleet).agents;
    const services = [published, strict];
    const unready = { agent, labels: { app: 'unready' }, ready: false };
    const model = modelOf(
      services.map(({ object }) => object),
      [unready],
    );
    const checks = services.flatMap((service) =>
      clients.map((from) => ({
        from,
        probe: reach(ctx, 'http', service.ip, servicePorts.http),
        want: answeredBy(namesBehind(model, service)),
      })),
    );
    await settleAndExpect(ctx, 'unready pod served only where published', checks);
  },
});
