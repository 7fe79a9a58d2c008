import { defineCase } from '../../harness/case/define-case.ts';
import { reach } from '../../harness/table/probes.ts';
import { twoPods } from '../../harness/workload/backends.ts';
import {
  clientsOnNodes,
  expectResponders,
  httpPort,
  servicePorts,
  settleOnResponders,
} from '../../harness/workload/service-traffic.ts';
import { modelOf, namesBehind } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-unready-removed',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'A pod that stops being Ready leaves the rotation, and comes back when it is Ready again',
  tags: ['endpoints', 'readiness'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#ready',
  async run(ctx) {
    const { one, two, service } = await twoPods(ctx, [httpPort]);
    const probe = reach(ctx, 'http', service.ip, servicePorts.http);
    const from = clientsOnNodes(ctx);
    const namesWhile = (ready: boolean) => {
      const labels = { app: service.name };
      return namesBehind(
        modelOf(
          [service.object],
          [
            { agent: one, labels, ready },
            { agent: two, labels },
          ],
        ),
        service,
      );
    };
    await settleOnResponders(ctx, 'both pods answer', { from, probe, names: namesWhile(true) });

    await one.setReady(false);
    await settleOnResponders(ctx, 'unready endpoint out of rotation', { from, probe, names: namesWhile(false) });
    await expectResponders(ctx, { from, probe, names: namesWhile(false) });

    await one.setReady(true);
    await settleOnResponders(ctx, 'ready endpoint back in rotation', { from, probe, names: namesWhile(true) });
  },
});
