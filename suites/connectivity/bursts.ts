import { expect } from 'chai';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { failsFrom, judgeLoss } from '../../harness/measure/loss-rule.ts';
import type { ProbeResult } from '../../harness/probe/types.ts';
import { expectAsWanted, measure, open, settleAndExpect } from '../../harness/table/checks.ts';
import { fleetPorts, reach, times } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';

const connections = 500;
const datagrams = 200;
const loopback = '127.0.0.1';
/** What a sound path may lose, and how often one that does is called lossy: see loss.ts. */
const promise = { healthyRate: 0.001, falseAlarms: 0.0002, paths: 1 };

const isLost = ({ result }: { result: ProbeResult }) => result.verdict !== 'open';

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
      ctx.measure('slowest_connection', Math.max(...seen.map(({ result }) => result.elapsedUs)), 'us');
    },
  }),
  defineCase({
    id: 'connectivity-udp-burst',
    area: 'connectivity',
    uses: [fleet],
    title: 'A burst of two hundred datagrams between nodes arrives, but for what chance or a starved agent loses',
    tags: ['load', 'udp', 'loss', 'other-node'],
    needs: [feature('MultiNode')],
    source: 'https://github.com/bloomberg/goldpinger/issues/163 (loss that HTTP hides)',
    async run(ctx) {
      const [from, to] = ctx.use(fleet).otherNode();
      const { udp } = fleetPorts(ctx.use(fleet));
      const burst = (host: string) => times(datagrams, reach(ctx, 'udp', host, udp)).map((probe) => ({ from, probe }));
      const seen = await measure([...burst(to.ip), ...burst(loopback)]);
      const lossOf = (part: typeof seen) => ({ lost: part.filter(isLost).length, sent: part.length });
      const [path, control] = [lossOf(seen.slice(0, datagrams)), lossOf(seen.slice(datagrams))];
      ctx.measure('loss', path.lost / path.sent, 'ratio');
      const told = `${from.name} on ${from.node} -> ${to.name} on ${to.node}: lost ${path.lost} of ${path.sent}`;
      const verdict = judgeLoss(path, control, promise);
      if (verdict === 'starved') throw new InconclusiveError(`${told}; on its own loopback ${control.lost}`);
      if (verdict !== 'sound') expect.fail(`${told}, fails from ${failsFrom(path.sent, promise)}`);
    },
  }),
];
