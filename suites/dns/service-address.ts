import { defineCase } from '../../harness/case/define-case.ts';
import { addressType } from './support/names.ts';
import { overBoth, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetPortSpecs } from '../../harness/workload/service-traffic.ts';
import { fleetModel, recordsOf } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'dns-service-address',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'The name of a Service resolves to its ClusterIP from every node',
  tags: ['udp', 'tcp', 'every-node', 'e2e:conformance'],
  source: 'e2e: DNS should provide DNS for services; DNS specification 2.3.1',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx));
    const question = { rrtype: addressType(service.ip), name: service.fqdn };
    const checks = overBoth(
      ctx,
      ctx.use(fleet).agents,
      question,
      recordsOf(ctx, fleetModel(ctx, service.object), question),
    );
    await settleAndExpectDns(ctx, 'new Service resolves', checks);
  },
});
