import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { answers, ask, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { open } from '../../harness/table/checks.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { sliceObject } from '../../harness/workload/objects.ts';
import { serve } from '../../harness/workload/serve.ts';
import { clientsOnNodes } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights, sliceRights } from '../../harness/workload/rights.ts';

const name = 'twin';

export const testCase = defineCase({
  id: 'services-same-name-two-namespaces',
  area: 'services',
  touches: 'own',
  rights: [serviceRights, sliceRights],
  uses: [fleet],
  tier: 'extended',
  title: 'Services of one name in two namespaces, one headless and one not, do not mix',
  tags: ['cluster-ip', 'headless', 'isolation'],
  source: 'https://github.com/kubernetes/dns/blob/master/docs/specification.md',
  async run(ctx) {
    const { http } = fleetPorts(ctx.use(fleet));
    const [right, left] = ctx.use(fleet).sameNode();
    const clients = clientsOnNodes(ctx);
    const twin = async (logical: string, ip: string, more: Record<string, unknown>) => {
      const namespace = await ctx.namespace(logical);
      const served = await serve(ctx, { name, namespace, ports: [{ name: 'web', port: http }], more });
      await ctx.apply(
        sliceObject({ name, namespace, service: name, addresses: [ip], ports: [{ name: 'web', port: http }] }),
      );
      return served;
    };
    const proxied = await twin('proxied', left.ip, {});
    const headless = await twin('headless', right.ip, { clusterIP: 'None' });
    await settleAndExpectDns(ctx, 'each name has its own address', [
      ...clients.map((from) => ({ from, probe: ask(ctx, 'A', proxied.fqdn), want: answers(proxied.ip) })),
      ...clients.map((from) => ({ from, probe: ask(ctx, 'A', headless.fqdn), want: answers(right.ip) })),
    ]);
    await settleAndExpect(ctx, 'each name leads to its own pod', [
      ...clients.map((from) => ({ from, probe: reach(ctx, 'http', proxied.fqdn, http), want: open(left.name) })),
      ...clients.map((from) => ({ from, probe: reach(ctx, 'http', headless.fqdn, http), want: open(right.name) })),
    ]);
  },
});
