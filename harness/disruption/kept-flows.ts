import type { Agent, Sample } from '../probe/agent-types.ts';
import { expect } from 'chai';
import { InconclusiveError } from '../base/errors.ts';
import type { Probe } from '../probe/types.ts';
import type { CheckContext } from '../table/check-context.ts';
import { disagreement, observe, open } from '../table/checks.ts';
import { describeProbe } from '../table/probes.ts';
import { cutsIn } from './connections.ts';
import { isFailure } from './downtime.ts';
import { collect } from './sampling.ts';

/** A connection that is to last. */
export interface KeptFlow {
  readonly from: Agent;
  readonly probe: Probe;
  /** Whose answers count. */
  readonly server: string;
}

interface Rhythm {
  readonly name: string;
  readonly everyMs: number;
  readonly count: number;
}

interface Taken {
  readonly flow: KeptFlow;
  readonly rhythm: Rhythm;
  readonly samples: readonly Sample[];
}

const busyEveryMs = 200;
const mostListed = 5;

/** One flow that is never still, and one with gaps that outlast what a NAT or load balancer may forget a flow after. */
function rhythms({ keptFlowMs, idleGapMs }: CheckContext['timeouts']): Rhythm[] {
  return [
    { name: 'busy', everyMs: busyEveryMs, count: Math.ceil(keptFlowMs / busyEveryMs) + 1 },
    { name: 'idle', everyMs: idleGapMs, count: Math.ceil(keptFlowMs / idleGapMs) + 1 },
  ];
}

/**
 * Holds each flow twice, busy and idle, past a minute; asserts that every exchange was answered by its server and that
 * all of them went over one connection.
 * @throws InconclusiveError when a sampler broke.
 */
export async function expectKept(ctx: CheckContext, flows: readonly KeptFlow[]): Promise<void> {
  const checks = flows.map(({ from, probe, server }) => ({ from, probe, want: open(server) }));
  await ctx.settle('the servers answer', async () => disagreement(await observe(checks)));
  const all = flows.flatMap((flow) => rhythms(ctx.timeouts).map((rhythm) => ({ flow, rhythm })));
  const taken = await Promise.all(all.map(async (one) => ({ ...one, samples: await hold(ctx, one) })));
  for (const one of taken)
    ctx.measure('kept_flow.cuts', cutsIn(one.samples).length, 'count', { rhythm: one.rhythm.name });
  const broken = taken.find(({ samples }) => samples.some(({ verdict }) => verdict === 'inconclusive'));
  taken.forEach(expectOneConnection);
  if (broken !== undefined) throw new InconclusiveError(`${describeTaken(broken)}: the sampler broke`);
}

function hold(ctx: CheckContext, { flow, rhythm }: Omit<Taken, 'samples'>): Promise<Sample[]> {
  const probe = { ...flow.probe, timeoutMs: ctx.timeouts.transferMs };
  const expected = { responders: [flow.server] };
  const spec = { probe, everyMs: rhythm.everyMs, reuse: true, expect: expected };
  return collect(ctx, flow.from, spec, rhythm.count);
}

function expectOneConnection(one: Taken): void {
  const { samples } = one;
  expect(samples, describeTaken(one)).to.have.lengthOf.above(1);
  const bad = samples.filter((sample) => isFailure(sample));
  const cuts = cutsIn(samples);
  const failed = bad.map(({ atMs, verdict, error }) => `at ${atMs} ms ${verdict} ${error ?? ''}`);
  const lost = cuts.map(({ atMs }) => `before ${atMs} ms`);
  const told = [
    `connection lost ${cuts.length} times${listed(lost)}`,
    `${bad.length} exchanges failed${listed(failed)}`,
  ].join('; ');
  if (cuts.length + bad.length > 0) expect.fail(`${describeTaken(one)}: ${told}`);
}

function listed(lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const more = lines.length > mostListed ? ', ...' : '';
  return ` (${lines.slice(0, mostListed).join(', ')}${more})`;
}

function describeTaken({ flow, rhythm, samples }: Taken): string {
  const path = `${flow.from.name} on ${flow.from.node} -> ${describeProbe(flow.probe)}`;
  return `${path}, ${rhythm.name}: ${samples.length} exchanges, one every ${rhythm.everyMs} ms`;
}
