import { InconclusiveError } from '../../harness/base/errors.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { LatencyHistogram } from '../../harness/measure/histogram.ts';
import type { Agent, Sample } from '../../harness/probe/agent-types.ts';
import { nodeRing } from '../../harness/probe/standing-fleet.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { collect } from '../../harness/disruption/sampling.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { assertNone, shortList } from '../../harness/table/assertions.ts';

const everyMs = 10;
const samples = 500;
const kinds = ['udp', 'tcp'] as const;

export const testCase = defineCase({
  id: 'connectivity-sustained',
  area: 'connectivity',
  touches: 'own',
  rights: [],
  uses: [fleet],
  tier: 'extended',
  title: 'A steady stream of datagrams and of new connections from every node to the next loses none',
  tags: ['loss', 'latency', 'udp', 'tcp', 'other-node', 'every-node'],
  needs: [feature('MultiNode')],
  // Alone: a machine busy with other cases loses packets that the network did not.
  exclusive: true,
  source: 'RFC 2544 section 26.3 (at a low rate no frame may be lost)',
  async run(ctx) {
    const ring = nodeRing(ctx.use(fleet).agents);
    const [controls, paths] = await Promise.all([
      Promise.all(ring.map(async ([from]) => ({ from, taken: await stream(ctx, from, '127.0.0.1', 'udp') }))),
      Promise.all(
        ring.flatMap(([from, to]) =>
          kinds.map(async (kind) => ({ from, to, kind, taken: await stream(ctx, from, to.ip, kind) })),
        ),
      ),
    ]);
    const starved = controls.filter(({ taken }) => lost(taken).length > 0);
    if (starved.length > 0) throw tooBusy(starved);
    for (const { from, kind, taken } of paths) report(ctx, { protocol: kind, from: from.node }, taken);
    assertNone(
      paths.filter(({ taken }) => lost(taken).length > 0).map(describe),
      'paths that lost what a steady stream sent',
    );
  },
});

interface Stream {
  readonly from: Agent;
  readonly taken: readonly Sample[];
}

function tooBusy(starved: readonly Stream[]): InconclusiveError {
  const lines = starved.map(({ from, taken }) => `${from.name} ${lost(taken).length} of ${taken.length}`);
  return new InconclusiveError(`agents lost datagrams on their own loopback: ${lines.join(', ')}`, {
    remedy: 'The machine is too busy for this measurement; run it with less beside it.',
  });
}

function describe({ from, to, kind, taken }: Stream & { readonly to: Agent; readonly kind: string }): string {
  const gone = lost(taken).map((one) => `${one.verdict} at ${one.atMs} ms ${one.error ?? ''}`);
  const path = `${from.name} on ${from.node} -> ${to.name} on ${to.node}`;
  return `${path} over ${kind}, of ${taken.length}: ${shortList(gone, 'attempt(s)')}`;
}

function stream(ctx: CaseContext, from: Agent, host: string, kind: 'udp' | 'tcp'): Promise<Sample[]> {
  // Patience tells a late answer of a slow machine from one that never comes.
  const probe = { ...reach(ctx, kind, host, fleetPorts(ctx.use(fleet))[kind]), timeoutMs: ctx.timeouts.transferMs };
  return collect(ctx, from, { probe, everyMs, reuse: kind === 'udp' }, samples);
}

function lost(taken: readonly Sample[]): Sample[] {
  return taken.filter((one) => one.verdict !== 'open');
}

function report(ctx: CaseContext, labels: { protocol: string; from: string }, taken: readonly Sample[]): void {
  ctx.measure('loss', lost(taken).length / taken.length, 'ratio', labels);
  const latencies = new LatencyHistogram();
  for (const { latencyUs } of taken) latencies.record(latencyUs);
  ctx.histogram('latency', latencies, labels);
}
