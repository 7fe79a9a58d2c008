import { defineCase } from '../../harness/case/define-case.ts';
import { addressType, serviceName } from '../support/dns-names.ts';
import { answers, overBoth, settleAndExpectDns } from '../support/dns-queries.ts';
import { serviceRef } from '../support/services-objects.ts';
import { readService } from '../support/services-serve.ts';
import { everyone } from '../support/services-traffic.ts';

export const testCase = defineCase({
  id: 'dns-cluster-name',
  area: 'dns',
  title: 'kubernetes.default resolves over UDP and TCP for pods and nodes everywhere',
  tags: ['udp', 'tcp', 'every-node', 'e2e:conformance'],
  source: 'e2e: DNS should provide DNS for the cluster',
  async run(ctx) {
    const { ip } = await readService(ctx, serviceRef('default', 'kubernetes'));
    const question = { rrtype: addressType(ip), name: serviceName(ctx, 'kubernetes', 'default') };
    await settleAndExpectDns(ctx, 'cluster name resolves', overBoth(ctx, everyone(ctx), question, answers(ip)));
  },
});
