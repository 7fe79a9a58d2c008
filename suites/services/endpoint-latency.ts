import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { startLane, type TimedLane, timeTurns, type Turn } from '../../harness/disruption/timed-lane.ts';
import type { Agent, Sample } from '../../harness/probe/agent-types.ts';
import { assertNone } from '../../harness/table/assertions.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { sliceObject } from '../../harness/workload/objects.ts';
import { serve, type Served } from '../../harness/workload/serve.ts';
import { onePodANode } from '../../harness/probe/standing-fleet.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights, sliceRights } from '../../harness/workload/rights.ts';

const everyMs = 25;
/** New connections in a row that a removed endpoint must not answer, an added one answer among. */
const quietSamples = 40;

export const testCase = defineCase({
  id: 'services-endpoint-latency',
  area: 'services',
  touches: 'own',
  rights: [serviceRights, sliceRights],
  uses: [fleet],
  title: 'Every node stops sending to a removed endpoint, and begins to send to an added one, in time',
  tags: ['endpoints', 'latency', 'every-node'],
  // Alone, so that the figure is of the Service proxy and not of a machine busy with other cases.
  exclusive: ['service-proxy', 'paths'],
  source: 'https://kubernetes.io/docs/reference/networking/virtual-ips/',
  async run(ctx) {
    const agents = onePodANode(ctx.use(fleet).agents);
    const service = await serve(ctx, {
      name: 'by-hand',
      namespace: await ctx.namespace(),
      ports: [{ name: 'web', port: 80 }],
    });
    const [first, ...others] = ctx.use(fleet).agents;
    expect(others, 'endpoints beside the one that goes').to.have.lengthOf.above(0);
    await pointAt(ctx, service, ctx.use(fleet).agents);
    const probe = { ...reach(ctx, 'http', service.ip, 80), timeoutMs: ctx.timeouts.sampleTimeoutMs };
    const lanes = await Promise.all(agents.map((from) => startLane(ctx, from, probe, everyMs)));
    const name = first?.name ?? '';
    const shows = ({ responder }: Sample) => responder === name;
    await ctx.settle(`${name} answers every node`, () => firstWithout(lanes, shows));
    const turns = (becomes: 'closed' | 'begun') =>
      lanes.map((lane) => ({ lane, becomes, shows, steady: quietSamples }));
    await inTime(ctx, 'endpoint_removed', turns('closed'), () => pointAt(ctx, service, others));
    await inTime(ctx, 'endpoint_added', turns('begun'), () => pointAt(ctx, service, ctx.use(fleet).agents));
  },
});

async function pointAt(ctx: CaseContext, service: Served, agents: readonly Agent[]): Promise<void> {
  const { name, namespace } = service;
  const ports = [{ name: 'web', port: fleetPorts(ctx.use(fleet)).http }];
  const addresses = agents.map((agent) => agent.ip);
  await ctx.apply(sliceObject({ name, namespace, service: name, addresses, ports }));
}

async function firstWithout(lanes: readonly TimedLane[], shows: (sample: Sample) => boolean) {
  const views = lanes.map(async ({ from, sampler }) => {
    const taken = await sampler.peek();
    return taken.some(shows) ? undefined : `${from.node}: not in ${taken.length} attempts`;
  });
  return (await Promise.all(views)).find((view) => view !== undefined);
}

/** @throws AssertionError naming the nodes that obeyed too late. */
async function inTime(
  ctx: CaseContext,
  metric: 'endpoint_removed' | 'endpoint_added',
  turns: readonly Turn[],
  change: () => Promise<void>,
): Promise<void> {
  const what = metric.replace('_', ' ');
  const times = await timeTurns(ctx, `${what} on every node`, turns, change);
  const { endpointChangeMs } = ctx.timeouts;
  const taken = turns.map(({ lane }, index) => ({ node: lane.from.node, ms: times[index] ?? 0 }));
  for (const { node, ms } of taken) ctx.measure(metric, ms, 'ms', { node });
  const late = taken.filter(({ ms }) => ms > endpointChangeMs);
  const told = late.map(({ node, ms }) => `${node} after ${ms.toFixed(0)} ms`);
  assertNone(told, `nodes that obeyed "${what}" later than the budget of ${endpointChangeMs} ms`);
}
