import { defineCase } from '../../harness/case/define-case.ts';
import { addressType } from './support/names.ts';
import { overBoth, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { first } from '../../harness/workload/backends.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetPortSpecs } from '../../harness/workload/service-traffic.ts';
import { fleetModel, recordsOf } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'dns-headless-addresses',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'The name of a headless Service resolves to the addresses of all its ready pods, no more',
  tags: ['headless', 'udp', 'tcp', 'e2e:conformance'],
  source: 'e2e: DNS should provide DNS for services; DNS specification 2.4.1',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx), { clusterIP: 'None' });
    const { agents } = ctx.use(fleet);
    const question = { rrtype: addressType(first(agents, 'standing pod').ip), name: service.fqdn };
    const checks = overBoth(ctx, agents, question, recordsOf(ctx, fleetModel(ctx, service.object), question));
    await settleAndExpectDns(ctx, 'headless Service resolves to its pods', checks);
  },
});
