import { defineCase } from '../../harness/case/define-case.ts';
import { describeSeen, expectAsWanted, measure, open } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { twoPods } from '../../harness/workload/backends.ts';
import {
  clientsOnNodes,
  expectResponders,
  httpPort,
  servicePorts,
  settleOnResponders,
} from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { removePodRights, serviceRights } from '../../harness/workload/rights.ts';

const graceSeconds = 60;

export const testCase = defineCase({
  id: 'services-terminating-unused',
  area: 'services',
  touches: 'own',
  rights: [serviceRights, removePodRights],
  uses: [fleet],
  tier: 'extended',
  title: 'A terminating pod gets no new connections while another is Ready, though it still serves',
  tags: ['endpoints', 'terminating'],
  source: 'KEP-1669; https://kubernetes.io/docs/reference/networking/virtual-ips/#traffic-to-terminating-endpoints',
  async run(ctx) {
    const { one, two, service } = await twoPods(ctx, [httpPort], {}, { terminationGracePeriodSeconds: graceSeconds });
    const probe = reach(ctx, 'http', service.ip, servicePorts.http);
    const from = clientsOnNodes(ctx);
    await settleOnResponders(ctx, 'both pods answer', { from, probe, names: [one.name, two.name] });

    const pod = { apiVersion: 'v1', kind: 'Pod', namespace: one.namespace, name: one.name };
    for (const { name } of [one, two]) {
      ctx.defer(`end ${name}`, () => ctx.kube.remove({ ...pod, name }, { gracePeriodSeconds: 0 }));
    }
    await ctx.kube.remove(pod, { gracePeriodSeconds: graceSeconds });
    await settleOnResponders(ctx, 'terminating endpoint out of rotation', { from, probe, names: [two.name] });
    await expectResponders(ctx, { from, probe, names: [two.name] });

    const asked = reach(ctx, 'http', one.ip, 8080);
    const direct = await measure(from.map((client) => ({ from: client, probe: asked, want: open(one.name) })));
    expectAsWanted(direct);
    ctx.attach('terminating pod, asked directly', direct.map(describeSeen).join('\n'));
  },
});
