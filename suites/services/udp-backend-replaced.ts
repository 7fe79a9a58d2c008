import { expect } from 'chai';
import { clientsOnNodes } from '../../harness/workload/service-traffic.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { sliceObject } from '../../harness/workload/objects.ts';
import { serve } from '../../harness/workload/serve.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights, sliceRights } from '../../harness/workload/rights.ts';

const everyMs = 20;
const lastAnswers = 10;

export const testCase = defineCase({
  id: 'services-udp-backend-replaced',
  area: 'services',
  touches: 'own',
  rights: [serviceRights, sliceRights],
  uses: [fleet],
  title: 'A UDP client that keeps its socket follows a replaced backend: no stale connection tracking entry',
  tags: ['udp', 'conntrack', 'endpointslice'],
  source: 'e2e: Conntrack should be able to preserve UDP traffic when server pod cycles for a ClusterIP service',
  async run(ctx) {
    const namespace = await ctx.namespace();
    const { udp } = fleetPorts(ctx.use(fleet));
    const clients = clientsOnNodes(ctx);
    const servers = ctx.use(fleet).agents.filter((agent) => !clients.includes(agent));
    const [old, next = clients[0]] = servers;
    if (old === undefined || next === undefined) throw new InconclusiveError('the standing fleet has too few pods');
    const ports = [{ name: 'echo', port: udp, protocol: 'UDP' }] as const;
    const slice = (ip: string) => sliceObject({ name: 'cycled', namespace, service: 'cycled', addresses: [ip], ports });
    const service = await serve(ctx, {
      name: 'cycled',
      namespace,
      ports: [{ name: 'echo', port: 9000, protocol: 'UDP' }],
    });
    await ctx.apply(slice(old.ip));

    const probe = reach(ctx, 'udp', service.ip, 9000);
    const samplers = await Promise.all(
      clients.map(async (from) => {
        const sampler = await from.sample({ probe, everyMs, reuse: true });
        ctx.defer(`stop the UDP client of ${from.node}`, async () => {
          await sampler.stop();
        });
        return { from, sampler };
      }),
    );
    const answeredBy = (name: string) => async () => {
      const wrong = samplers.map(async ({ from, sampler }) => {
        const last = (await sampler.peek()).slice(-lastAnswers);
        const who = last.map((sample) => sample.responder ?? sample.verdict);
        if (who.length === lastAnswers && who.every((one) => one === name)) return [];
        return [`the last answers on ${from.node} came from ${[...new Set(who)].join(', ') || 'nobody'}`];
      });
      return (await Promise.all(wrong)).flat()[0];
    };
    await ctx.settle('kept UDP socket reaches the first backend', answeredBy(old.name));
    await ctx.kube.apply(slice(next.ip));
    await ctx.settle('kept UDP socket follows the new backend', answeredBy(next.name));
    for (const { from, sampler } of samplers) {
      const samples = await sampler.stop();
      const lost = samples.filter((sample) => sample.verdict !== 'open').length;
      ctx.measure('datagrams_unanswered', lost, 'count', { from: from.node });
      const told = `last of ${samples.length} answers on ${from.node}`;
      expect(samples.at(-1)?.responder, told).to.equal(next.name);
    }
  },
});
