import { defineCase } from '../../harness/case/define-case.ts';
import { answers, lookUp, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { serviceRef } from '../../harness/workload/objects.ts';
import { readService } from '../../harness/workload/serve.ts';
import { fleet, hostAgents } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'dns-host-network',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet, hostAgents],
  title: 'ClusterFirstWithHostNet gives hostNetwork pods of every node cluster names and the search path',
  tags: ['host-network', 'search-path', 'every-node'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy',
  async run(ctx) {
    const { ip, fqdn } = await readService(ctx, serviceRef('default', 'kubernetes'));
    const names = ['kubernetes.default', 'kubernetes.default.svc', fqdn];
    const checks = ctx
      .use(fleet)
      .hostAgents.flatMap((from) => names.map((name) => ({ from, probe: lookUp(ctx, name), want: answers(ip) })));
    await settleAndExpectDns(ctx, 'cluster names resolve in the host network', checks);
  },
});
