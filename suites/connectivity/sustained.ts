import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { fleetPorts, reach } from '../support/net-probes.ts';
import { collect, quantile, tellable } from '../support/net-samples.ts';

const everyMs = 5;
const samples = 1_000;

export const cases = (['udp', 'tcp'] as const).map((kind) =>
  defineCase({
    id: `connectivity-sustained-${kind}`,
    area: 'connectivity',
    title:
      kind === 'udp'
        ? 'A steady stream of datagrams between nodes loses none'
        : 'A steady stream of new TCP connections between nodes loses none',
    tags: ['loss', 'latency', kind, 'other-node'],
    needs: [feature('MultiNode')],
    source: 'RFC 2544 section 26.3 (loss at a low rate must be none)',
    async run(ctx) {
      const [from, to] = ctx.fleet.otherNode();
      const probe = reach(ctx, kind, to.ip, fleetPorts(ctx.fleet)[kind]);
      const taken = await collect(ctx, from, { probe, everyMs, reuse: kind === 'udp' }, samples);
      const lost = taken.filter((one) => one.verdict !== 'open');
      ctx.measure('loss', lost.length / taken.length, 'ratio', { protocol: kind });
      const latencies = taken.map((one) => one.latencyUs);
      for (const { name, q } of tellable(taken.length)) {
        ctx.measure(`latency ${name}`, quantile(latencies, q) ?? 0, 'us', { protocol: kind });
      }
      const seen = lost.map((one) => `${one.verdict} at ${one.atMs} ms ${one.error ?? ''}`).join('; ');
      expect(lost, `${from.name} -> ${to.name}: ${lost.length} of ${taken.length} lost: ${seen}`).to.deep.equal([]);
    },
  }),
);
