import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { answers, ask, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { open } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { serveFleet, type Served } from '../../harness/workload/serve.ts';
import { fleetNames, fleetPortSpecs, servicePorts } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-recreated',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  tier: 'extended',
  title: 'A Service deleted and created again under its name is served, by name and by address',
  tags: ['cluster-ip', 'mutation', 'dns'],
  source: 'e2e: Services should work after the service has been recreated',
  async run(ctx) {
    const want = open(...fleetNames(ctx));
    const clients = ctx.use(fleet).agents;
    const works = async (what: string, service: Served) => {
      const named = clients.map((from) => ({ from, probe: ask(ctx, 'A', service.fqdn), want: answers(service.ip) }));
      await settleAndExpectDns(ctx, `${what}: name follows`, named);
      const probe = reach(ctx, 'http', service.ip, servicePorts.http);
      await settleAndExpect(
        ctx,
        `${what}: address answers`,
        clients.map((from) => ({ from, probe, want })),
      );
    };
    const before = await serveFleet(ctx, fleetPortSpecs(ctx));
    await works('first', before);
    await ctx.remove(before.ref);
    const after = await serveFleet(ctx, fleetPortSpecs(ctx));
    expect(after.name, 'name of the new Service').to.equal(before.name);
    await works('second', after);
  },
});
