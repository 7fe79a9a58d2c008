import { defineCase } from '../../harness/case/define-case.ts';
import { reach } from '../../harness/table/probes.ts';
import { first, startPods, twoPods } from '../../harness/workload/backends.ts';
import {
  clientsOnNodes,
  expectResponders,
  httpPort,
  servicePorts,
  settleOnResponders,
} from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-endpoint-added',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'A new Ready pod joins the rotation of a live Service',
  tags: ['endpoints', 'readiness'],
  source: 'e2e: Services should be able to up and down services',
  async run(ctx) {
    const { one, two, service } = await twoPods(ctx, [httpPort]);
    const probe = reach(ctx, 'http', service.ip, servicePorts.http);
    const from = clientsOnNodes(ctx);
    await settleOnResponders(ctx, 'both pods answer', { from, probe, names: [one.name, two.name] });

    const three = first(await startPods(ctx, 'pair', [{ name: 'three' }]), 'third pod');
    const names = [one.name, two.name, three.name];
    await settleOnResponders(ctx, 'new endpoint in rotation', { from, probe, names });
    await expectResponders(ctx, { from, probe, names });
  },
});
