import { defineCase } from '../../harness/case/define-case.ts';
import { addressType } from './support/names.ts';
import { overBoth, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { serve } from '../../harness/workload/serve.ts';
import { fleetModel, recordsOf } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'dns-service-deleted',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'The name of a deleted Service disappears',
  tags: ['mutation', 'negative'],
  source: 'DNS specification 2.1',
  async run(ctx) {
    const namespace = await ctx.namespace();
    const service = await serve(ctx, { name: 'fleeting', namespace, ports: [{ name: 'web', port: 80 }] });
    const question = { rrtype: addressType(service.ip), name: service.fqdn };
    const clients = ctx.use(fleet).agents;
    const [there, gone] = [fleetModel(ctx, service.object), fleetModel(ctx)];
    await settleAndExpectDns(ctx, 'name appears', overBoth(ctx, clients, question, recordsOf(ctx, there, question)));
    await ctx.remove(service.ref);
    await settleAndExpectDns(ctx, 'name disappears', overBoth(ctx, clients, question, recordsOf(ctx, gone, question)));
  },
});
