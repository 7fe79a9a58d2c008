import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { describeSeen, expectAsWanted, measure, open, settleAndExpect } from '../../harness/table/checks.ts';
import { fleetPorts, reach, times } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';

const connections = 500;
const datagrams = 200;

export const cases = [
  defineCase({
    id: 'connectivity-many-connections',
    area: 'connectivity',
    uses: [fleet],
    title: 'Five hundred connections opened at once between nodes are all served',
    tags: ['load', 'tcp', 'other-node'],
    needs: [feature('MultiNode')],
    source: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
    async run(ctx) {
      const [from, to] = ctx.use(fleet).otherNode();
      const probe = { ...reach(ctx, 'tcp', to.ip, fleetPorts(ctx.use(fleet)).tcp), timeoutMs: ctx.timeouts.transferMs };
      const want = open(to.name);
      await settleAndExpect(ctx, 'one connection is served', [{ from, probe, want }]);
      const seen = await measure(times(connections, probe).map((one) => ({ from, probe: one, want })));
      expectAsWanted(seen);
      ctx.measure('slowest connection', Math.max(...seen.map(({ result }) => result.elapsedUs)), 'us');
    },
  }),
  defineCase({
    id: 'connectivity-udp-burst',
    area: 'connectivity',
    uses: [fleet],
    title: 'A burst of two hundred datagrams between nodes is answered in full',
    tags: ['load', 'udp', 'loss', 'other-node'],
    needs: [feature('MultiNode')],
    source: 'https://github.com/bloomberg/goldpinger/issues/163 (loss that HTTP hides)',
    async run(ctx) {
      const [from, to] = ctx.use(fleet).otherNode();
      const probe = reach(ctx, 'udp', to.ip, fleetPorts(ctx.use(fleet)).udp);
      const seen = await measure(times(datagrams, probe).map((one) => ({ from, probe: one })));
      const lost = seen.filter(({ result }) => result.verdict !== 'open');
      ctx.measure('loss', lost.length / seen.length, 'ratio');
      expect(lost.map(describeSeen), `lost of ${datagrams} datagrams`).to.deep.equal([]);
    },
  }),
];
