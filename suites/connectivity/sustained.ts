import { InconclusiveError } from '../../harness/base/errors.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { LatencyHistogram } from '../../harness/measure/histogram.ts';
import type { Agent, Sample } from '../../harness/probe/agent-types.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { collect } from '../../harness/disruption/sampling.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { assertNone } from '../../harness/table/assertions.ts';

const everyMs = 10;
const samples = 500;
const kinds = ['udp', 'tcp'] as const;

export const testCase = defineCase({
  id: 'connectivity-sustained',
  area: 'connectivity',
  uses: [fleet],
  tier: 'extended',
  title: 'A steady stream of datagrams and of new connections between nodes loses none',
  tags: ['loss', 'latency', 'udp', 'tcp', 'other-node'],
  needs: [feature('MultiNode')],
  // Alone: a machine busy with other cases loses packets that the network did not.
  exclusive: true,
  source: 'RFC 2544 section 26.3 (at a low rate no frame may be lost)',
  async run(ctx) {
    const [from, to] = ctx.use(fleet).otherNode();
    const [control, ...paths] = await Promise.all([
      stream(ctx, from, '127.0.0.1', 'udp'),
      ...kinds.map(async (kind) => ({ kind, taken: await stream(ctx, from, to.ip, kind) })),
    ]);
    const starved = lost(control);
    if (starved.length > 0) {
      throw new InconclusiveError(
        `${from.name} lost ${starved.length} of ${control.length} datagrams on its own loopback`,
        {
          remedy: 'The machine is too busy for this measurement; run it with less beside it.',
        },
      );
    }
    for (const { kind, taken } of paths) report(ctx, kind, taken);
    for (const { kind, taken } of paths) {
      const gone = lost(taken).map((one) => `${one.verdict} at ${one.atMs} ms ${one.error ?? ''}`);
      const path = `${from.name} on ${from.node} -> ${to.name} on ${to.node}`;
      assertNone(gone, `${path} over ${kind}, lost of ${taken.length}`);
    }
  },
});

function stream(ctx: CaseContext, from: Agent, host: string, kind: 'udp' | 'tcp'): Promise<Sample[]> {
  // Patience tells a late answer of a slow machine from one that never comes.
  const probe = { ...reach(ctx, kind, host, fleetPorts(ctx.use(fleet))[kind]), timeoutMs: ctx.timeouts.transferMs };
  return collect(ctx, from, { probe, everyMs, reuse: kind === 'udp' }, samples);
}

function lost(taken: readonly Sample[]): Sample[] {
  return taken.filter((one) => one.verdict !== 'open');
}

function report(ctx: CaseContext, protocol: string, taken: readonly Sample[]): void {
  ctx.measure('loss', lost(taken).length / taken.length, 'ratio', { protocol });
  const latencies = new LatencyHistogram();
  for (const { latencyUs } of taken) latencies.record(latencyUs);
  ctx.histogram('latency', latencies, { protocol });
}
