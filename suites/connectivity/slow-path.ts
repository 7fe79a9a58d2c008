import { InconclusiveError } from '../../harness/base/errors.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import type { Agent } from '../../harness/probe/agent-types.ts';
import { measure, open } from '../../harness/table/checks.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { pairs } from './support/addresses.ts';
import { onePodANode } from '../../harness/probe/standing-fleet.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { assertNone } from '../../harness/table/assertions.ts';

const streamBytes = 1024 * 1024;
/** A slow machine may be slow once; a slow path is so each time. */
const tries = 3;
/** On one node nothing but memory is between the two: a path that is slower by this factor is slow by itself. */
const factor = 8;

interface Timed {
  readonly from: Agent;
  readonly to: Agent;
  readonly bestMs: number;
}

export const testCase = defineCase({
  id: 'connectivity-slow-path',
  area: 'connectivity',
  touches: 'own',
  rights: [],
  uses: [fleet],
  title: 'No path between nodes is far slower for a mebibyte there and back than the path on one node',
  tags: ['tcp', 'throughput', 'every-node'],
  needs: [feature('MultiNode')],
  source: 'RFC 2544 section 26.1 (throughput)',
  async run(ctx) {
    const agents = onePodANode(ctx.use(fleet).agents);
    const control = await best(ctx, [ctx.use(fleet).sameNode()]);
    const slowMs = Math.max(ctx.timeouts.slowStreamMs, factor * (control[0]?.bestMs ?? 0));
    let paths = await best(
      ctx,
      pairs(agents, () => true),
    );
    for (let n = 1; n < tries; n++) paths = await againWhereSlow(ctx, paths, slowMs);
    for (const { from, to, bestMs } of paths) {
      ctx.measure('stream_time', bestMs, 'ms', { from: from.node, to: to.node });
    }
    const slow = paths.filter(({ bestMs }) => bestMs > slowMs);
    const told = slow.map(({ from, to, bestMs }) => `${from.node} -> ${to.node}: ${bestMs.toFixed(0)} ms at best`);
    assertNone(told, `paths slower than ${slowMs.toFixed(0)} ms for 1 MiB over tcp there and back in ${tries} tries`);
  },
});

async function againWhereSlow(ctx: CaseContext, paths: readonly Timed[], slowMs: number): Promise<Timed[]> {
  const slow = paths.filter(({ bestMs }) => bestMs > slowMs);
  const again = await best(
    ctx,
    slow.map(({ from, to }) => [from, to]),
  );
  return paths.map((path) => {
    const second = again.find(({ from, to }) => from === path.from && to === path.to);
    return second === undefined || second.bestMs > path.bestMs ? path : second;
  });
}

/** One stream after the other: two at once would share what there is. A stream that breaks counts as one that took all its time. */
async function best(ctx: CaseContext, asked: readonly (readonly [Agent, Agent])[]): Promise<Timed[]> {
  const timed: Timed[] = [];
  for (const [from, to] of asked) {
    const { tcp } = fleetPorts(ctx.use(fleet));
    const probe = { ...reach(ctx, 'tcp', to.ip, tcp, streamBytes), timeoutMs: ctx.timeouts.transferMs };
    const [seen] = await measure([{ from, probe, want: open(to.name) }]);
    if (seen === undefined) throw new InconclusiveError(`${from.name} did not say what became of a stream`);
    timed.push({ from, to, bestMs: seen.result.verdict === 'open' ? seen.result.elapsedUs / 1000 : probe.timeoutMs });
  }
  return timed;
}
