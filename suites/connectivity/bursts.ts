import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import type { Agent } from '../../harness/probe/agent-types.ts';
import { expect } from 'chai';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { failsFrom, judgeLoss } from '../../harness/measure/loss-rule.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import type { ProbeResult } from '../../harness/probe/types.ts';
import { expectAsWanted, measure, open } from '../../harness/table/checks.ts';
import { fleetPorts, reach, times } from '../../harness/table/probes.ts';
import { nodeRing } from '../../harness/probe/standing-fleet.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { receiveOverflows } from './support/udp-overflow.ts';

const connections = 500;
const datagrams = 200;
const loopback = '127.0.0.1';
/** What a sound path may lose, and how often one of all that do is called lossy: see loss.ts. */
const [healthyRate, falseAlarms] = [0.001, 0.0002];

const isLost = ({ result }: { result: ProbeResult }) => result.verdict !== 'open';

export const cases = [
  defineCase({
    id: 'connectivity-many-connections',
    area: 'connectivity',
    uses: [fleet],
    title: 'Five hundred connections opened at once between nodes are all served',
    tags: ['load', 'tcp', 'other-node', 'every-node'],
    needs: [feature('MultiNode')],
    source: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
    async run(ctx) {
      const { tcp } = fleetPorts(ctx.use(fleet));
      const checks = nodeRing(ctx.use(fleet).agents).map(([from, to]) => {
        const probe = { ...reach(ctx, 'tcp', to.ip, tcp), timeoutMs: ctx.timeouts.transferMs };
        return { from, probe, want: open(to.name) };
      });
      await settleAndExpect(ctx, 'one connection is served', checks);
      for (const one of checks) {
        const seen = await measure(times(connections, one));
        expectAsWanted(seen);
        const slowest = Math.max(...seen.map(({ result }) => result.elapsedUs));
        ctx.measure('slowest_connection', slowest, 'us', { from: one.from.node });
      }
    },
  }),
  defineCase({
    id: 'connectivity-udp-burst',
    area: 'connectivity',
    uses: [fleet],
    title: 'A burst of two hundred datagrams between nodes arrives, but for what chance or a starved agent loses',
    tags: ['load', 'udp', 'loss', 'other-node', 'every-node'],
    needs: [feature('MultiNode')],
    source: 'https://github.com/bloomberg/goldpinger/issues/163 (loss that HTTP hides)',
    async run(ctx) {
      const ring = nodeRing(ctx.use(fleet).agents);
      for (const [from, to] of ring) await expectSoundBurst(ctx, { from, to, paths: ring.length });
    },
  }),
];

interface Burst {
  readonly from: Agent;
  readonly to: Agent;
  /** How many are judged together. */
  readonly paths: number;
}

async function expectSoundBurst(ctx: CaseContext, { from, to, paths }: Burst): Promise<void> {
  const { udp } = fleetPorts(ctx.use(fleet));
  const promise = { healthyRate, falseAlarms, paths };
  const burst = (host: string) => times(datagrams, reach(ctx, 'udp', host, udp)).map((probe) => ({ from, probe }));
  const before = await receiveOverflows(ctx, to);
  const seen = await measure([...burst(to.ip), ...burst(loopback)]);
  const lossOf = (part: typeof seen) => ({ lost: part.filter(isLost).length, sent: part.length });
  const [path, control] = [lossOf(seen.slice(0, datagrams)), lossOf(seen.slice(datagrams))];
  ctx.measure('loss', path.lost / path.sent, 'ratio', { from: from.node, to: to.node });
  const verdict = judgeLoss(path, control, promise);
  if (verdict === 'sound') return;
  const told = `${from.name} on ${from.node} -> ${to.name} on ${to.node}: lost ${path.lost} of ${path.sent} over udp`;
  if (verdict === 'starved') throw new InconclusiveError(`${told}; on its own loopback ${control.lost}`);
  // A server that gets no time to read has them pile up: what its socket then drops had arrived.
  const overflowed = (await receiveOverflows(ctx, to)) - before;
  const onTheWay = { ...path, lost: Math.max(0, path.lost - overflowed) };
  if (judgeLoss(onTheWay, control, promise) !== 'lossy') {
    throw new InconclusiveError(`${told}; the socket of ${to.name} overflowed ${overflowed} times`);
  }
  expect.fail(`${told}, ${overflowed} of them at a full socket; fails from ${failsFrom(path.sent, promise)}`);
}
