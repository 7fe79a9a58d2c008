import { defineCase } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import type { Probe } from '../../harness/probe/types.ts';
import { addressType } from './support/names.ts';
import { answers, type DnsCheck, expectAnswers, lookUp, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { observe, type Seen } from '../../harness/table/checks.ts';
import { serviceRef } from '../../harness/workload/objects.ts';
import { readService } from '../../harness/workload/serve.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

/** So many rounds of so many pairs a pod: enough to race, few enough not to drown two CoreDNS pods of a busy machine. */
const rounds = 5;
const pairsPerPod = 10;

export const testCase = defineCase({
  id: 'dns-parallel-queries',
  area: 'dns',
  touches: beyondOwn('cluster', 'load', '100 queries from each pod, at once in tens, to the cluster DNS'),
  rights: [serviceRights],
  uses: [fleet],
  title: 'A and AAAA queries that leave one socket at once are both answered, from every pod, without a retry',
  tags: ['udp', 'load', 'conntrack'],
  source:
    'https://github.com/kubernetes/kubernetes/issues/56903 (one of two queries from one socket is lost in conntrack)',
  async run(ctx) {
    const { ip, fqdn } = await readService(ctx, serviceRef('default', 'kubernetes'));
    const want = answers(ip);
    const clients = ctx.use(fleet).agents;
    await settleAndExpectDns(
      ctx,
      'cluster name resolves',
      clients.map((from) => ({ from, probe: lookUp(ctx, fqdn), want })),
    );
    const probe = pairOf(ctx, ip, fqdn);
    const round = clients.flatMap((from) => Array.from({ length: pairsPerPod }, () => ({ from, probe, want })));
    const seen: Seen<DnsCheck>[] = [];
    for (let index = 0; index < rounds; index++) seen.push(...(await observe(round)));
    const answered = seen.filter(({ result }) => result.verdict === 'open').length;
    ctx.measure('answered', answered / seen.length, 'ratio');
    expectAnswers(seen);
  },
});

/** What glibc asks for a name, with the time it gives an answer: 5 s (resolv.conf(5)), so that only what is lost is late. */
function pairOf(ctx: CaseContext, ip: string, name: string): Probe {
  const asked = addressType(ip);
  const pair = { rrtype: asked, alsoAsk: asked === 'A' ? 'AAAA' : 'A' } as const;
  return { kind: 'dns', name, ...pair, timeoutMs: ctx.timeouts.sampleTimeoutMs };
}
