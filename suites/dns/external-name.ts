import { defineCase } from '../../harness/case/define-case.ts';
import { ask, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { serviceName } from './support/names.ts';
import { serviceObject, serviceRef } from '../../harness/workload/objects.ts';
import { fleetModel, recordsOf } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const name = 'alias';
const before = 'before.ordeal.test';
const after = 'after.ordeal.test';

export const testCase = defineCase({
  id: 'dns-external-name',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'An ExternalName Service is a CNAME, and follows when the external name changes',
  tags: ['external-name', 'mutation', 'e2e:conformance'],
  source: 'e2e: DNS should provide DNS for ExternalName services; DNS specification 2.5',
  async run(ctx) {
    const namespace = await ctx.namespace();
    const external = (externalName: string) => ({ type: 'ExternalName', externalName });
    const alias = (target: string) => serviceObject({ name, namespace, ports: [], more: external(target) });
    await ctx.apply(alias(before));
    const question = { rrtype: 'CNAME', name: serviceName(ctx, name, namespace) } as const;
    const aliasOf = (target: string) =>
      ctx.use(fleet).agents.map((from) => ({
        from,
        probe: ask(ctx, question.rrtype, question.name),
        want: recordsOf(ctx, fleetModel(ctx, alias(target)), question),
      }));
    await settleAndExpectDns(ctx, 'ExternalName answers its CNAME', aliasOf(before));
    await ctx.kube.patch(serviceRef(namespace, name), { spec: external(after) });
    await settleAndExpectDns(ctx, 'changed ExternalName is answered', aliasOf(after));
  },
});
