import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import type { Agent } from '../../harness/probe/agent-types.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { mapLimited } from '../../harness/base/limit.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { confirmLoss, type Judged } from '../../harness/disruption/confirm-loss.ts';
import {
  type Counts,
  failsFrom,
  judgeLoss,
  type LossPromise,
  type LossVerdict,
} from '../../harness/measure/loss-rule.ts';
import { assertNone } from '../../harness/table/assertions.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import type { ProbeResult } from '../../harness/probe/types.ts';
import { expectAsWanted, measure, open } from '../../harness/table/checks.ts';
import { fleetPorts, reach, times } from '../../harness/table/probes.ts';
import { nodeRing } from '../../harness/probe/standing-fleet.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { receiveOverflows } from './support/udp-overflow.ts';

const connections = 500;
/** A socket of the default size holds 166 datagrams as the kernel counts them: a server with no time to read drops the rest. */
const datagrams = 150;
const loopback = '127.0.0.1';
/** What a sound path may lose, and how often one of all that do is called lossy: see loss.ts. */
const [healthyRate, falseAlarms] = [0.001, 0.0002];

const isLost = ({ result }: { result: ProbeResult }) => result.verdict !== 'open';

export const cases = [
  defineCase({
    id: 'connectivity-many-connections',
    area: 'connectivity',
    touches: 'own',
    rights: [],
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
    touches: 'own',
    rights: [],
    uses: [fleet],
    title:
      'A burst of a hundred and fifty datagrams between nodes arrives, but for what chance or a starved agent loses',
    tags: ['load', 'udp', 'loss', 'other-node', 'every-node'],
    needs: [feature('MultiNode')],
    source: 'https://github.com/bloomberg/goldpinger/issues/163 (loss that HTTP hides)',
    async run(ctx) {
      const ring = nodeRing(ctx.use(fleet).agents).map(([from, to]) => ({ from, to }));
      const promise = { healthyRate, falseAlarms, paths: ring.length };
      const judgeOne = (seen: SeenBurst) => verdictOf(seen, promise);
      const { judged } = await confirmLoss(ring, (some) => mapLimited(some, 1, (ends) => burst(ctx, ends)), judgeOne);
      const of = (verdict: LossVerdict) => judged.filter((it) => it.verdict === verdict).map(describe);
      for (const { path, measured } of judged) {
        const { lost, sent } = measured.path;
        ctx.measure('loss', lost / sent, 'ratio', { from: path.from.node, to: path.to.node });
      }
      assertNone(of('lossy'), `two bursts running that lost ${failsFrom(datagrams, promise)} datagrams or more`);
      const starved = of('starved');
      if (starved.length > 0) throw new InconclusiveError(`agents that had no time to read: ${starved.join('; ')}`);
    },
  }),
];

interface Ends {
  readonly from: Agent;
  readonly to: Agent;
}

interface SeenBurst {
  readonly path: Counts;
  readonly control: Counts;
  /** Datagrams that had arrived, and found the socket of the agent full: no loss of the path. */
  readonly overflowed: number;
}

async function burst(ctx: CaseContext, { from, to }: Ends): Promise<SeenBurst> {
  const { udp } = fleetPorts(ctx.use(fleet));
  const rows = (host: string) => times(datagrams, reach(ctx, 'udp', host, udp)).map((probe) => ({ from, probe }));
  const before = await receiveOverflows(ctx, to);
  const seen = await measure([...rows(to.ip), ...rows(loopback)]);
  const lossOf = (part: typeof seen) => ({ lost: part.filter(isLost).length, sent: part.length });
  const [path, control] = [lossOf(seen.slice(0, datagrams)), lossOf(seen.slice(datagrams))];
  // A server that gets no time to read has them pile up: what its socket then drops had arrived.
  const overflowed = path.lost === 0 ? 0 : (await receiveOverflows(ctx, to)) - before;
  return { path, control, overflowed };
}

/** What the server's full socket dropped is a loss of the machine, as that on the sender's own loopback is. */
function verdictOf({ path, control, overflowed }: SeenBurst, promise: LossPromise): LossVerdict {
  const verdict = judgeLoss(path, control, promise);
  if (verdict !== 'lossy') return verdict;
  const onTheWay = { ...path, lost: Math.max(0, path.lost - overflowed) };
  return judgeLoss(onTheWay, control, promise) === 'lossy' ? 'lossy' : 'starved';
}

function describe({ path: { from, to }, measured: { path, control, overflowed } }: Judged<Ends, SeenBurst>): string {
  const told = `${from.name} on ${from.node} -> ${to.name} on ${to.node}: lost ${path.lost} of ${path.sent} over udp`;
  return `${told}, ${overflowed} of them at its full socket; on its own loopback ${control.lost}`;
}
