import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { describeSeen, measure, open } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetNames, fleetPortSpecs, servicePorts } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const tries = 10;

export const testCase = defineCase({
  id: 'services-source-ip-kept',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'A pod behind a ClusterIP sees the address of the client pod',
  tags: ['cluster-ip', 'source-ip'],
  source: 'e2e: Services should preserve source pod IP for traffic through service cluster IP',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx));
    const want = open(...fleetNames(ctx));
    const probe = reach(ctx, 'tcp', service.ip, servicePorts.tcp);
    const clients = ctx.use(fleet).agents;
    await settleAndExpect(
      ctx,
      'ClusterIP answers',
      clients.map((from) => ({ from, probe, want })),
    );
    const asked = clients.flatMap((from) => Array.from({ length: tries }, () => ({ from, probe, want })));
    const seen = await measure(asked);
    // A pod that reaches itself must be masqueraded, or it would never accept the answer.
    const others = seen.filter(({ check, result }) => result.responder !== check.from.name);
    expect(others, `answers of other pods among ${seen.length}`).to.have.lengthOf.above(0);
    for (const one of others) expect(one.check.from.ips, describeSeen(one)).to.include(one.result.peerSeen);
  },
});
