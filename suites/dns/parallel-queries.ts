import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { addressType } from './support/names.ts';
import { answers, ask, expectAnswers, lookUp, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { measure } from '../../harness/table/checks.ts';
import { serviceRef } from '../../harness/workload/objects.ts';
import { readService } from '../../harness/workload/serve.ts';

const perPod = 50;

export const testCase = defineCase({
  id: 'dns-parallel-queries',
  area: 'dns',
  title: 'A burst of parallel queries of every pod is answered in full, inside the query timeout',
  tags: ['udp', 'load', 'conntrack'],
  source: 'https://github.com/kubernetes/kubernetes/issues/56903 (lost answers of parallel queries)',
  async run(ctx) {
    const { ip, fqdn } = await readService(ctx, serviceRef('default', 'kubernetes'));
    const want = answers(ip);
    const clients = ctx.fleet.agents;
    await settleAndExpectDns(
      ctx,
      'cluster name resolves',
      clients.map((from) => ({ from, probe: lookUp(ctx, fqdn), want })),
    );
    const burst = clients.flatMap((from) =>
      Array.from({ length: perPod }, () => ({ from, probe: ask(ctx, addressType(ip), fqdn), want })),
    );
    const seen = await measure(burst);
    const answered = seen.filter(({ result }) => result.verdict === 'open').length;
    ctx.measure('answered', answered / burst.length, 'ratio');
    expect(answered, `answers to ${burst.length} parallel queries`).to.equal(burst.length);
    expectAnswers(seen);
  },
});
