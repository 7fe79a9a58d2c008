import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import type { Agent, Sample, Sampler } from '../../harness/probe/types.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { sliceObject } from '../../harness/workload/objects.ts';
import { serve, type Served } from '../../harness/workload/serve.ts';
import { onePodANode } from '../../harness/probe/standing-fleet.ts';
import { fleet } from '../../harness/workload/fleet.ts';

const everyMs = 25;
/** New connections in a row that a removed endpoint must not answer, an added one answer among. */
const quietSamples = 40;

interface Client {
  readonly from: Agent;
  readonly sampler: Sampler;
}

export const testCase = defineCase({
  id: 'services-endpoint-latency',
  area: 'services',
  uses: [fleet],
  title: 'Every node stops sending to a removed endpoint, and begins to send to an added one, in time',
  tags: ['endpoints', 'latency', 'every-node'],
  // Alone, so that the figure is of the Service proxy and not of a machine busy with other cases.
  exclusive: true,
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
    const clients = await Promise.all(agents.map((from) => startClient(ctx, from, service)));
    const name = first?.name ?? '';
    await ctx.settle(`${name} answers every node`, () => firstLine(clients, 0, (taken) => answered(taken, name)));
    await timed(
      ctx,
      'endpoint_removed',
      clients,
      () => pointAt(ctx, service, others),
      (taken) => silent(taken, name),
    );
    await timed(
      ctx,
      'endpoint_added',
      clients,
      () => pointAt(ctx, service, ctx.use(fleet).agents),
      (taken) => answered(taken, name),
    );
  },
});

async function pointAt(ctx: CaseContext, service: Served, agents: readonly Agent[]): Promise<void> {
  const { name, namespace } = service;
  const ports = [{ name: 'web', port: fleetPorts(ctx.use(fleet)).http }];
  const addresses = agents.map((agent) => agent.ip);
  await ctx.apply(sliceObject({ name, namespace, service: name, addresses, ports }));
}

async function startClient(ctx: CaseContext, from: Agent, service: Served): Promise<Client> {
  const probe = { ...reach(ctx, 'http', service.ip, 80), timeoutMs: ctx.timeouts.sampleTimeoutMs };
  const sampler = await from.sample({ probe, everyMs, reuse: false });
  ctx.defer(`stop the sampler in ${from.name}`, async () => {
    await sampler.stop();
  });
  return { from, sampler };
}

/** From the API server's answer on; the schedule's own clock tells the time, right to a period and a round trip. */
async function timed(
  ctx: CaseContext,
  metric: string,
  clients: readonly Client[],
  change: () => Promise<void>,
  wrong: (taken: readonly Sample[]) => { line: string | undefined; atMs: number },
): Promise<void> {
  await change();
  const since = await Promise.all(clients.map(async ({ sampler }) => (await sampler.peek()).at(-1)?.atMs ?? 0));
  await ctx.settle(`${metric.replace('_', ' ')} on every node`, () => firstLine(clients, since, wrong));
  const { endpointChangeMs } = ctx.timeouts;
  for (const [index, { from, sampler }] of clients.entries()) {
    const from0 = since[index] ?? 0;
    const ms = Math.max(0, wrong((await sampler.peek()).filter(({ atMs }) => atMs >= from0)).atMs - from0);
    ctx.measure(metric, ms, 'ms', { node: from.node });
    expect(ms, `ms until ${from.node} obeyed "${metric.replace('_', ' ')}"; budget`).to.be.at.most(endpointChangeMs);
  }
}

async function firstLine(
  clients: readonly Client[],
  since: readonly number[] | 0,
  wrong: (taken: readonly Sample[]) => { line: string | undefined },
): Promise<string | undefined> {
  const lines = await Promise.all(
    clients.map(async ({ from, sampler }, index) => {
      const after = since === 0 ? 0 : (since[index] ?? 0);
      const taken = (await sampler.peek()).filter(({ atMs }) => atMs >= after);
      if (taken.length < quietSamples) return `${from.node}: ${taken.length} of ${quietSamples} attempts made`;
      const { line } = wrong(taken);
      return line === undefined ? undefined : `${from.node}: ${line}`;
    }),
  );
  return lines.find((line) => line !== undefined);
}

/** `atMs`: of its last answer, 0 where it gave none. */
function silent(taken: readonly Sample[], name: string): { line: string | undefined; atMs: number } {
  const last = taken.findLast(({ responder }) => responder === name);
  const recent = taken.slice(-quietSamples).some(({ responder }) => responder === name);
  return { line: recent ? `${name} still answers` : undefined, atMs: last?.atMs ?? 0 };
}

/** `atMs`: of its first answer. */
function answered(taken: readonly Sample[], name: string): { line: string | undefined; atMs: number } {
  const first = taken.find(({ responder }) => responder === name);
  return { line: first === undefined ? `${name} does not answer` : undefined, atMs: first?.atMs ?? 0 };
}
