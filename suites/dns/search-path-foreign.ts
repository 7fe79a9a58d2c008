import { defineCase } from '../../harness/case/define-case.ts';
import { answers, lookUp, noRecords, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { serve } from '../../harness/workload/serve.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const name = 'ordeal-foreign';

export const testCase = defineCase({
  id: 'dns-search-path-own-namespace',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'A one-label name finds Services of the own namespace only',
  tags: ['search-path', 'isolation'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services',
  async run(ctx) {
    const namespace = await ctx.namespace();
    const service = await serve(ctx, { name, namespace, ports: [{ name: 'web', port: 80 }] });
    const checks = ctx.use(fleet).agents.flatMap((from) => [
      { from, probe: lookUp(ctx, `${name}.${namespace}`), want: answers(service.ip) },
      { from, probe: lookUp(ctx, name), want: noRecords },
    ]);
    await settleAndExpectDns(ctx, 'foreign Service needs its namespace', checks);
  },
});
