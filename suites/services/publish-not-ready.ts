import { defineCase } from '../../harness/case/define-case.ts';
import { closed, open, settleAndExpect } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { onePod } from '../../harness/workload/backends.ts';
import { serve } from '../../harness/workload/serve.ts';
import { httpPort, servicePorts } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';

export const testCase = defineCase({
  id: 'services-publish-not-ready',
  area: 'services',
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
    const to = (ip: string) => reach(ctx, 'http', ip, servicePorts.http);
    await settleAndExpect(ctx, 'unready pod served only where published', [
      ...clients.map((from) => ({ from, probe: to(published.ip), want: open(agent.name) })),
      ...clients.map((from) => ({ from, probe: to(strict.ip), want: closed })),
    ]);
  },
});
