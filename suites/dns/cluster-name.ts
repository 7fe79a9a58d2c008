import { defineCase } from '../../harness/case/define-case.ts';
import { addressType, serviceName } from './support/names.ts';
import { answers, overBoth, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { serviceRef } from '../../harness/workload/objects.ts';
import { readService } from '../../harness/workload/serve.ts';
import { everyone } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'dns-cluster-name',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'kubernetes.default resolves over UDP and TCP for pods and nodes everywhere',
  tags: ['udp', 'tcp', 'every-node', 'e2e:conformance'],
  source: 'e2e: DNS should provide DNS for the cluster',
  async run(ctx) {
    const { ip } = await readService(ctx, serviceRef('default', 'kubernetes'));
    const question = { rrtype: addressType(ip), name: serviceName(ctx, 'kubernetes', 'default') };
    await settleAndExpectDns(ctx, 'cluster name resolves', overBoth(ctx, everyone(ctx), question, answers(ip)));
  },
});
