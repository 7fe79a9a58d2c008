import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { sliceObject } from '../../harness/workload/objects.ts';
import { serve } from '../../harness/workload/serve.ts';
import { fleet } from '../../harness/workload/fleet.ts';

const everyMs = 20;
const lastAnswers = 10;

export const testCase = defineCase({
  id: 'services-udp-backend-replaced',
  area: 'services',
  uses: [fleet],
  title: 'A UDP client that keeps its socket follows a replaced backend: no stale connection tracking entry',
  tags: ['udp', 'conntrack', 'endpointslice'],
  source: 'e2e: Conntrack should be able to preserve UDP traffic when server pod cycles for a ClusterIP service',
  async run(ctx) {
    const namespace = await ctx.namespace();
    const { udp } = fleetPorts(ctx.use(fleet));
    const [from, old] = ctx.use(fleet).sameNode();
    const next = ctx.use(fleet).agents.find((agent) => agent !== from && agent !== old) ?? from;
    const ports = [{ name: 'echo', port: udp, protocol: 'UDP' }] as const;
    const slice = (ip: string) => sliceObject({ name: 'cycled', namespace, service: 'cycled', addresses: [ip], ports });
    const service = await serve(ctx, {
      name: 'cycled',
      namespace,
      ports: [{ name: 'echo', port: 9000, protocol: 'UDP' }],
    });
    await ctx.apply(slice(old.ip));

    const sampler = await from.sample({ probe: reach(ctx, 'udp', service.ip, 9000), everyMs, reuse: true });
    ctx.defer('stop the UDP client', async () => {
      await sampler.stop();
    });
    const answeredBy = (name: string) => async () => {
      const last = (await sampler.peek()).slice(-lastAnswers);
      const who = last.map((sample) => sample.responder ?? sample.verdict);
      const all = who.length === lastAnswers && who.every((one) => one === name);
      return all ? undefined : `the last answers came from ${[...new Set(who)].join(', ') || 'nobody'}`;
    };
    await ctx.settle('kept UDP socket reaches the first backend', answeredBy(old.name));
    await ctx.kube.apply(slice(next.ip));
    await ctx.settle('kept UDP socket follows the new backend', answeredBy(next.name));
    const samples = await sampler.stop();
    const lost = samples.filter((sample) => sample.verdict !== 'open').length;
    ctx.measure('datagrams without answer', lost, 'count');
    expect(samples.at(-1)?.responder, `last of ${samples.length} answers`).to.equal(next.name);
  },
});
