import { defineCase } from '../../harness/case/define-case.ts';
import { reverseName } from './support/names.ts';
import { overBoth, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetPortSpecs } from '../../harness/workload/service-traffic.ts';
import { fleetModel, recordsOf } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'dns-reverse-service',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'The reverse name of a ClusterIP gives the name of its Service',
  tags: ['ptr', 'e2e:conformance'],
  source: 'e2e: DNS should provide DNS for services; DNS specification 2.3.3',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx));
    const question = { rrtype: 'PTR', name: reverseName(service.ip) } as const;
    const checks = overBoth(
      ctx,
      ctx.use(fleet).agents,
      question,
      recordsOf(ctx, fleetModel(ctx, service.object), question),
    );
    await settleAndExpectDns(ctx, 'reverse name of the ClusterIP', checks);
  },
});
