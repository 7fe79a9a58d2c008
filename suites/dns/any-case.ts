import { defineCase } from '../../harness/case/define-case.ts';
import { addressType } from './support/names.ts';
import { answers, overBoth, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { serviceRef } from '../../harness/workload/objects.ts';
import { readService } from '../../harness/workload/serve.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'dns-any-case',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'Names resolve whatever the case of their letters',
  tags: ['udp', 'tcp'],
  source: 'RFC 4343',
  async run(ctx) {
    const { ip, fqdn } = await readService(ctx, serviceRef('default', 'kubernetes'));
    const mixed = Array.from(fqdn, (letter, index) => (index % 2 === 0 ? letter.toUpperCase() : letter)).join('');
    const checks = overBoth(ctx, ctx.use(fleet).agents, { rrtype: addressType(ip), name: mixed }, answers(ip));
    await settleAndExpectDns(ctx, 'mixed case resolves', checks);
  },
});
