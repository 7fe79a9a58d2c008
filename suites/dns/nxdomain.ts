import { defineCase } from '../../harness/case/define-case.ts';
import { serviceName } from './support/names.ts';
import { nodata, nxdomain, overBoth, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { everyone } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';

export const cases = [
  defineCase({
    id: 'dns-nxdomain',
    area: 'dns',
    touches: 'own',
    rights: [],
    uses: [fleet],
    title: 'Names that do not exist in the cluster domain are NXDOMAIN, for every node, over UDP and TCP',
    tags: ['negative', 'udp', 'tcp', 'every-node'],
    source: 'DNS specification 2.1; RFC 2308',
    async run(ctx) {
      const names = [
        serviceName(ctx, 'ordeal-no-such-service', 'default'),
        serviceName(ctx, 'kubernetes', 'ordeal-no-such-namespace'),
        `ordeal-no-such-kind.${ctx.cluster.info.clusterDomain}`,
      ];
      const checks = names.flatMap((name) => overBoth(ctx, everyone(ctx), { rrtype: 'A', name }, nxdomain));
      await settleAndExpectDns(ctx, 'unknown names are NXDOMAIN', checks);
    },
  }),
  defineCase({
    id: 'dns-no-data',
    area: 'dns',
    touches: 'own',
    rights: [],
    uses: [fleet],
    title: 'A known name asked for a type it has no record of is NOERROR without records',
    tags: ['negative', 'udp', 'tcp'],
    source: 'RFC 2308 section 2.2',
    async run(ctx) {
      const name = serviceName(ctx, 'kubernetes', 'default');
      const checks = overBoth(ctx, ctx.use(fleet).agents, { rrtype: 'TXT', name }, nodata);
      await settleAndExpectDns(ctx, 'known name without TXT', checks);
    },
  }),
];
