import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import type { Agent } from '../../harness/probe/agent-types.ts';
import { expect } from 'chai';
import { systemClock } from '../../harness/base/clock.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import type { Probe } from '../../harness/probe/types.ts';
import { open } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetNames, fleetPortSpecs, respondersOf, servicePorts } from '../../harness/workload/service-traffic.ts';
import { assertSame } from '../../harness/table/assertions.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const timeoutSeconds = 15;
/** Well inside the timeout, also for a client that a busy machine keeps waiting. */
const withinMs = 5_000;
const beyondMs = timeoutSeconds * 1_000 + 3_000;
/** What a right cluster may fail by chance: every client is given its old pod again. */
const falseAlarm = 1e-7;

export const testCase = defineCase({
  id: 'services-affinity-timeout',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  tier: 'extended',
  idleLoad: idleLoads.silence,
  title: 'ClientIP affinity lasts for its timeout, and no longer once a client has been silent for that long',
  tags: ['affinity', 'e2e:session-affinity-timeout'],
  source: 'e2e: Services should have session affinity timeout work for service with type clusterIP',
  async run(ctx) {
    const sessionAffinityConfig = { clientIP: { timeoutSeconds } };
    const service = await serveFleet(ctx, fleetPortSpecs(ctx), { sessionAffinity: 'ClientIP', sessionAffinityConfig });
    const probe = reach(ctx, 'tcp', service.ip, servicePorts.tcp);
    const names = fleetNames(ctx);
    const clients = ctx.use(fleet).agents;
    const checks = clients.map((from) => ({ from, probe, want: open(...names) }));
    await settleAndExpect(ctx, 'Service with affinity answers', checks);
    const before = await answeredBy(ctx, clients, probe);
    await ctx.step('silence within the timeout', () => systemClock.pause(withinMs, ctx.signal));
    const kept = await answeredBy(ctx, clients, probe);
    assertSame(kept, before, `who answers ${clients.map(({ name }) => name).join(', ')} after ${withinMs} ms`);
    const rounds = roundsFor(clients.length, names.length);
    ctx.parameter('silences', `${rounds} of ${beyondMs} ms by ${clients.length} clients`);
    const after = [];
    for (let round = 0; round < rounds; round += 1) {
      await ctx.step('silence beyond the timeout', () => systemClock.pause(beyondMs, ctx.signal));
      after.push(await answeredBy(ctx, clients, probe));
    }
    const moved = after.flat().filter((name, index) => name !== before[index % clients.length]).length;
    ctx.measure('clients_moved', moved, 'count');
    expect(moved, 'clients that were given another pod after the timeout').to.be.above(0);
  },
});

/** Silences after which all clients have kept their pods by chance with less than that probability. */
function roundsFor(clients: number, backends: number): number {
  return Math.ceil(Math.log(falseAlarm) / (clients * Math.log(1 / Math.max(2, backends))));
}

async function answeredBy(ctx: CaseContext, clients: readonly Agent[], probe: Probe): Promise<string[]> {
  const answers = await Promise.all(clients.map((from) => respondersOf(ctx, from, probe, 1)));
  return answers.flat();
}
