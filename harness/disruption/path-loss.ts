import type { Counts } from '../measure/loss-rule.ts';
import type { Agent, Sample } from '../probe/agent-types.ts';
import { InconclusiveError } from '../base/errors.ts';
import type { CheckContext } from '../table/check-context.ts';
import { collect } from './sampling.ts';

/** All that goes from pods of one node to pods of another, or of the same. */
export interface NodePath {
  readonly from: string;
  readonly to: string;
  readonly flows: readonly (readonly [Agent, Agent])[];
}

/** What a path lost, and what the agents at its ends lost on their own loopback in the same seconds. */
export interface PathLoss {
  readonly path: NodePath;
  readonly counts: Counts;
  readonly control: Counts;
}

export interface LossPlan {
  readonly port: number;
  /** Datagrams on each path; as many come back. */
  readonly perPath: number;
  /** They are spread over this time. */
  readonly windowMs: number;
}

const loopback = '127.0.0.1';
/** A node with itself, the next one and the one before: every node sends to another and hears from another. */
const fewestShifts = 3;

/**
 * Returns the ordered pairs of nodes, each with every pair of agents on them: all pairs, or, where those are more than
 * `most`, each node with itself and the next ones round a ring, in both directions.
 */
export function nodePaths(agents: readonly Agent[], most: number): NodePath[] {
  const nodes = [...Map.groupBy(agents, ({ node }) => node)];
  const steps = nodes.map((_, step) => step);
  // 0, 1, -1, 2, -2, ...: near ones first, and always both directions.
  const shifts = steps.map((step) => (step % 2 === 1 ? (step + 1) / 2 : -step / 2));
  const kept = shifts.slice(0, Math.max(fewestShifts, Math.floor(most / nodes.length)));
  return kept.flatMap((shift) =>
    nodes.flatMap(([from, senders], index) => {
      const [to, receivers] = nodes.at((index + shift) % nodes.length) ?? [from, senders];
      const flows = senders.flatMap((a) => receivers.filter((b) => b !== a).map((b) => [a, b] as const));
      return flows.length === 0 ? [] : [{ from, to, flows }];
    }),
  );
}

/**
 * Sends numbered datagrams on every path at once, evenly over the window, never one twice, and counts those without an
 * echo; beside them each agent sends to its own loopback, where no network is.
 * @throws InconclusiveError when a sampler broke.
 */
export async function measureLoss(ctx: CheckContext, paths: readonly NodePath[], plan: LossPlan): Promise<PathLoss[]> {
  const agents = [...new Set(paths.flatMap(({ flows }) => flows.flat()))];
  const perNode = Map.groupBy(agents, ({ node }) => node);
  const [controls, seen] = await Promise.all([
    Promise.all(
      [...perNode].map(async ([node, own]) => {
        const flows = own.map((agent) => [agent, loopback] as const);
        return [node, await send(ctx, flows, { ...plan, perPath: plan.perPath / 2 })] as const;
      }),
    ),
    Promise.all(
      paths.map((path) =>
        send(
          ctx,
          path.flows.map(([a, b]) => [a, b.ip] as const),
          plan,
        ),
      ),
    ),
  ]);
  const ownLoss = new Map(controls);
  return paths.map((path, index) => {
    const ends = [...new Set([path.from, path.to])].map((node) => ownLoss.get(node) ?? nothing);
    return { path, counts: seen[index] ?? nothing, control: sum(ends) };
  });
}

const nothing: Counts = { lost: 0, sent: 0 };

function sum(counts: readonly Counts[]): Counts {
  return counts.reduce((all, one) => ({ lost: all.lost + one.lost, sent: all.sent + one.sent }), nothing);
}

async function send(
  ctx: CheckContext,
  flows: readonly (readonly [Agent, string])[],
  { port, perPath, windowMs }: LossPlan,
): Promise<Counts> {
  const count = Math.ceil(perPath / flows.length);
  const everyMs = windowMs / count;
  const taken = await Promise.all(
    flows.map(([from, host]) => {
      const probe = { kind: 'udp', host, port, timeoutMs: ctx.timeouts.sampleTimeoutMs } as const;
      return collect(ctx, from, { probe, everyMs, reuse: true }, count).then((samples) => countsOf(from, samples));
    }),
  );
  return sum(taken);
}

function countsOf(from: Agent, samples: readonly Sample[]): Counts {
  const broken = samples.find(({ verdict }) => verdict === 'inconclusive');
  if (broken !== undefined) throw new InconclusiveError(`the sampler of ${from.name} broke: ${broken.error ?? ''}`);
  return { lost: samples.filter(({ verdict }) => verdict !== 'open').length, sent: samples.length };
}
