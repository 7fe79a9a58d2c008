import { defineCase } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import type { ProbeResult } from '../../harness/probe/types.ts';
import { answers, dnsDifference, overBoth } from '../../harness/table/dns-queries.ts';
import { holdPaths } from '../../harness/table/path-hold.ts';
import { loopbackOf } from '../../harness/workload/loopback.ts';
import { serviceRef } from '../../harness/workload/objects.ts';
import { readService } from '../../harness/workload/serve.ts';
import { everyone } from '../../harness/workload/service-traffic.ts';
import { addressType, serviceName } from './support/names.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'dns-hold',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'The cluster DNS goes on answering every pod and every node, over UDP and TCP, without a relapse or delay',
  tags: ['intermittent', 'latency', 'every-node'],
  idleLoad: idleLoads.hold,
  source: 'https://github.com/kubernetes/dns/blob/master/docs/specification.md',
  async run(ctx) {
    const { ip } = await readService(ctx, serviceRef('default', 'kubernetes'));
    const question = { rrtype: addressType(ip), name: serviceName(ctx, 'kubernetes', 'default') };
    const { dnsQueryMs: timeoutMs, holdEveryMs: everyMs, slowDnsMs: slowMs } = ctx.timeouts;
    const paths = overBoth(ctx, everyone(ctx), question, answers(ip)).map(({ from, probe, want }) => ({
      from,
      probe: { ...probe, timeoutMs },
      differs: (result: ProbeResult) => dnsDifference(want, result),
    }));
    await holdPaths(ctx, { what: 'the cluster DNS answers', paths, control: loopbackOf(ctx), everyMs, slowMs });
  },
});
