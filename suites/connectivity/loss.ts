import { expect } from 'chai';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { type ConfirmedLoss, confirmLoss } from '../../harness/disruption/confirm-loss.ts';
import { measureLoss, type NodePath, nodePaths, type PathLoss } from '../../harness/disruption/path-loss.ts';
import {
  failsFrom,
  judgeLoss,
  lossPower,
  type LossPromise,
  type LossVerdict,
} from '../../harness/measure/loss-rule.ts';
import { fleetPorts } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { assertNone } from '../../harness/table/assertions.ts';

/** More paths than these are sampled round a ring; every node is in it. */
const mostPaths = 24;
/** What a sound path may lose: one datagram of a thousand, on a machine with more work than cores. */
const healthyRate = 0.001;
/** Of all paths together, in both cases together below one run of a thousand. */
const falseAlarms = 0.0004;

/**
 * With four paths (two nodes): of 1,000 datagrams 8 lost twice running fail, which finds 2 % loss in one direction with
 * 99.8 %; of 3,000 it takes 14, which finds 1 % with 99.9 %. Each run tells its own figures as parameters.
 */
const plans = [
  { id: 'connectivity-loss-two-percent', tier: 'core', rate: 0.02, perPath: 1_000, percent: '2 %' },
  { id: 'connectivity-loss-one-percent', tier: 'extended', rate: 0.01, perPath: 3_000, percent: '1 %' },
] as const;

export const cases = plans.map(({ id, tier, rate, perPath, percent }) =>
  defineCase({
    id,
    area: 'connectivity',
    touches: 'own',
    rights: [],
    uses: [fleet],
    tier,
    idleLoad: idleLoads.loss,
    title: `No path from node to node loses ${percent} of its datagrams`,
    tags: ['loss', 'udp', 'other-node', 'same-node'],
    source: 'RFC 2544 section 26.3; https://github.com/bloomberg/goldpinger/issues/163 (loss that TCP hides)',
    async run(ctx) {
      const paths = nodePaths(ctx.use(fleet).agents, mostPaths);
      expect(paths, 'paths between standing pods').to.have.lengthOf.above(0);
      const promise = { healthyRate, falseAlarms, paths: paths.length };
      tellRule(ctx, promise, perPath, rate);
      const { udp: port } = fleetPorts(ctx.use(fleet));
      const windowMs = (ctx.timeouts.lossWindowMs * perPath) / 1_000;
      const plan = { port, perPath, windowMs };
      const judgeOne = ({ counts, control }: PathLoss) => judgeLoss(counts, control, promise);
      judge(ctx, await confirmLoss(paths, (some) => measureLoss(ctx, some, plan), judgeOne));
    },
  }),
);

function tellRule(ctx: CaseContext, promise: LossPromise, perPath: number, rate: number): void {
  const share = (value: number) => `${(100 * value).toPrecision(4)} %`;
  ctx.parameter('paths', `${promise.paths}, ${perPath} datagrams each`);
  ctx.parameter('fails from', `${failsFrom(perPath, promise)} lost of ${perPath}`);
  ctx.parameter(`finds ${share(rate)} loss`, `with ${share(lossPower(perPath, rate, promise))} (binomial)`);
  ctx.parameter('false alarms', `${share(falseAlarms)} of runs at most, at a loss of ${share(healthyRate)}`);
}

function judge(ctx: CaseContext, { judged, again }: ConfirmedLoss<NodePath, PathLoss>): void {
  for (const { path, measured } of judged) {
    const { lost, sent } = measured.counts;
    ctx.measure('loss', lost / sent, 'ratio', { from: path.from, to: path.to });
  }
  ctx.attach('loss by path', judged.map(({ measured }) => describe(measured)).join('\n'));
  const earlier = again.map(({ measured, verdict }) => `${verdict}: ${describe(measured)}`);
  if (earlier.length > 0) ctx.attach('loss of paths that were measured again', earlier.join('\n'));
  const of = (verdict: LossVerdict) => judged.filter((it) => it.verdict === verdict).map((it) => describe(it.measured));
  assertNone(of('lossy'), "loss that neither chance nor the agents' own loopback explains");
  const starved = of('starved');
  if (starved.length > 0) {
    throw new InconclusiveError(`agents lose datagrams on their own loopback as well: ${starved.join('; ')}`, {
      remedy: 'The machine is too busy for this measurement; run it with less beside it.',
    });
  }
}

function describe({ path, counts, control }: PathLoss): string {
  const ends = path.from === path.to ? `within ${path.from}` : `${path.from} -> ${path.to}`;
  return `${ends}: ${counts.lost} of ${counts.sent} lost; their own loopback ${control.lost} of ${control.sent}`;
}
