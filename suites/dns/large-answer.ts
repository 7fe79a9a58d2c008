import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { answers, ask, lookUp, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { measure } from '../../harness/table/checks.ts';
import { sliceObject } from '../../harness/workload/objects.ts';
import { serve } from '../../harness/workload/serve.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights, sliceRights } from '../../harness/workload/rights.ts';

const name = 'crowd';
/** TEST-NET-1 (RFC 5737): addresses nobody has and nobody is sent to. */
const addresses = Array.from({ length: 120 }, (_, index) => `192.0.2.${index + 1}`);

export const testCase = defineCase({
  id: 'dns-large-answer',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights, sliceRights],
  uses: [fleet],
  title: 'An answer too large for a datagram is marked truncated over UDP and complete over TCP',
  tags: ['tcp', 'udp', 'large', 'headless'],
  source: 'RFC 7766 section 5; RFC 6891',
  async run(ctx) {
    const namespace = await ctx.namespace();
    const ports = [{ name: 'web', port: 80 }];
    const more = { clusterIP: 'None', ipFamilies: ['IPv4'] };
    const service = await serve(ctx, { name, namespace, ports, more });
    await ctx.apply(sliceObject({ name, namespace, service: name, addresses, ports }));
    const all = answers(...addresses);
    const complete = ctx.use(fleet).agents.flatMap((from) => [
      { from, probe: ask(ctx, 'A', service.fqdn, { transport: 'tcp' }), want: all },
      { from, probe: lookUp(ctx, service.fqdn), want: all },
    ]);
    await settleAndExpectDns(ctx, 'all addresses over TCP', complete);
    const overUdp = ctx.use(fleet).agents.map((from) => ({ from, probe: ask(ctx, 'A', service.fqdn) }));
    for (const { check, result } of await measure(overUdp)) {
      const seen = `UDP answer to ${check.from.name}: ${result.verdict}, ${result.dns?.answers.length ?? 0} records`;
      expect(result.dns?.truncated, `${seen}, TC bit`).to.equal(true);
    }
  },
});
