import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { collect } from '../../harness/disruption/sampling.ts';

const everyMs = 200;
const samples = 50;

export const cases = (['tcp', 'http'] as const).map((kind) =>
  defineCase({
    id: `connectivity-long-lived-${kind}`,
    area: 'connectivity',
    title: `A ${kind.toUpperCase()} connection between nodes stays open and usable for ten seconds of exchange`,
    tags: ['long-lived', kind, 'other-node'],
    needs: [feature('MultiNode')],
    source: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
    async run(ctx) {
      const [from, to] = ctx.fleet.otherNode();
      const target = reach(ctx, kind, to.ip, fleetPorts(ctx.fleet)[kind]);
      const probe = { ...target, timeoutMs: ctx.timeouts.transferMs };
      const taken = await collect(ctx, from, { probe, everyMs, reuse: true }, samples);
      const broken = taken.filter((one) => one.verdict !== 'open' || one.error !== undefined);
      const seen = broken.map((one) => `at ${one.atMs} ms: ${one.verdict} ${one.error ?? ''}`).join('; ');
      expect(broken, `${from.name} -> ${to.name}, ${taken.length} exchanges on one connection: ${seen}`).to.deep.equal(
        [],
      );
      expect([...new Set(taken.map((one) => one.responder))], 'who answered').to.deep.equal([to.name]);
    },
  }),
);
