import type { Agent, Expectation, Sample, Sampler } from '../probe/agent-types.ts';
import type { StandingFleet } from '../probe/standing-fleet.ts';
import { InconclusiveError } from '../base/errors.ts';
import type { CheckContext } from '../table/check-context.ts';
import { disagreement, observe, open } from '../table/checks.ts';
import { isFailure } from './downtime.ts';
import type { Probe } from '../probe/types.ts';

export type Connections = 'new' | 'reused';

/** One client sending on one kind of connections, and what became of it. */
export interface Path {
  readonly client: Agent;
  readonly connections: Connections;
  readonly samples: readonly Sample[];
  /** What the client saw of its own loopback meanwhile, asked the same way. */
  readonly control: readonly Sample[];
}

interface Lane {
  readonly client: Agent;
  readonly connections: Connections;
  readonly sampler: Sampler;
  /** One for all lanes of a client. */
  readonly control: Sampler;
}

/** What the attempts of a client are held against; `loopback` returns the probe of its own that is like the target. */
export interface TrafficSpec {
  readonly target: Probe;
  readonly expect?: Expectation;
  readonly loopback: (path: { readonly from: Agent; readonly probe: Probe }) => Probe;
}

/** A control need not tell windows to their tens of milliseconds. */
const attemptsAControl = 4;

/** Attempts in a row that must succeed before traffic counts as undisturbed again. */
export const quietSamples = 20;

/** Returns one client per node, at most two: near and far. */
export function trafficClients(fleet: StandingFleet): Agent[] {
  const byNode = new Map(fleet.agents.toReversed().map((agent) => [agent.node, agent]));
  return [...byNode.values()].reverse().slice(0, 2);
}

/** Open-loop traffic of all `clients` to one target, each on new and on reused connections. */
export class Traffic {
  private readonly lanes: readonly Lane[];
  private readonly ctx: CheckContext;
  private readonly named: boolean;
  private stopped: Promise<Path[]> | undefined;

  private constructor(ctx: CheckContext, lanes: readonly Lane[], named: boolean) {
    this.ctx = ctx;
    this.lanes = lanes;
    this.named = named;
  }

  /**
   * Starts sending once the target answers every client, so that whatever fails after that was disturbed by the case.
   * Stops by itself after the case. An answer that is not as expected counts as none.
   */
  static async start(ctx: CheckContext, clients: readonly Agent[], spec: TrafficSpec): Promise<Traffic> {
    const { sampleTimeoutMs: timeoutMs } = ctx.timeouts;
    const probe = { ...spec.target, timeoutMs };
    await ctx.settle('the target answers', () => firstSilence(clients, probe, spec.expect?.responders));
    const lanes = await Promise.all(clients.map((client) => startLanes(ctx, client, { ...spec, target: probe })));
    const traffic = new Traffic(ctx, lanes.flat(), saysWho(probe));
    ctx.defer('traffic', async () => {
      await traffic.stop();
    });
    await traffic.untilStable('traffic flows before the disturbance');
    return traffic;
  }

  /** Settles until every path has `quietSamples` successes in a row among the attempts due from now on. */
  async untilStable(what: string): Promise<number> {
    const before = await this.peek();
    return this.ctx.settle(what, async () => {
      const now = await this.peek();
      return now
        .map((path, index) => instability(path, before[index]?.samples.length ?? 0, this.named))
        .find((line) => line !== undefined);
    });
  }

  /** Returns the samples so far. */
  peek(): Promise<Path[]> {
    return Promise.all(this.lanes.map(async (lane) => toPath(lane, await lane.sampler.peek(), [])));
  }

  /** Stops sending and returns everything; may be called again. */
  stop(): Promise<Path[]> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  /** The controls last: what they saw lies around every attempt. */
  private async stopAll(): Promise<Path[]> {
    const samples = await Promise.all(this.lanes.map(({ sampler }) => sampler.stop()));
    const stopped = [...new Set(this.lanes.map(({ control }) => control))].map(
      async (control) => [control, await control.stop()] as const,
    );
    const controls = new Map(await Promise.all(stopped));
    return this.lanes.map((lane, index) => toPath(lane, samples[index] ?? [], controls.get(lane.control) ?? []));
  }
}

/** Returns `new connections from fleet-0-0`. */
export function describePath({ client, connections }: Pick<Path, 'client' | 'connections'>): string {
  return `${connections} connections from ${client.name} on ${client.node}`;
}

/** Agents say who they are in every answer; a DNS server does not. */
function saysWho({ kind }: Probe): boolean {
  return kind === 'tcp' || kind === 'udp' || kind === 'http';
}

async function firstSilence(
  clients: readonly Agent[],
  probe: Probe,
  responders: readonly string[] = [],
): Promise<string | undefined> {
  const seen = await observe(clients.map((from) => ({ from, probe, want: open(...responders) })));
  const stranger = saysWho(probe) ? seen.find(({ result }) => result.responder === undefined) : undefined;
  return disagreement(seen) ?? (stranger && `${stranger.check.from.name} was answered by nobody of this run`);
}

async function startLanes(ctx: CheckContext, client: Agent, spec: TrafficSpec): Promise<Lane[]> {
  const { target: probe, expect = {} } = spec;
  const everyMs = ctx.timeouts.sampleMs;
  const loopback = { ...spec.loopback({ from: client, probe }), timeoutMs: probe.timeoutMs };
  const [control, ...samplers] = await Promise.all([
    client.sample({ probe: loopback, everyMs: attemptsAControl * everyMs, reuse: false }),
    client.sample({ probe, everyMs, reuse: false, expect }),
    client.sample({ probe, everyMs, reuse: true, expect }),
  ]);
  return samplers.map((sampler, index) => ({
    ...{ client, sampler, control },
    connections: index === 0 ? 'new' : 'reused',
  }));
}

function toPath({ client, connections }: Lane, samples: readonly Sample[], control: readonly Sample[]): Path {
  const broken = samples.find((sample) => sample.verdict === 'inconclusive');
  if (broken === undefined) return { client, connections, samples, control };
  throw new InconclusiveError(
    `${describePath({ client, connections })}: the sampler broke: ${broken.error ?? 'no reason'}`,
  );
}

function instability(path: Path, from: number, named: boolean): string | undefined {
  const fresh = path.samples.slice(from).slice(-quietSamples);
  if (fresh.length < quietSamples) return `${describePath(path)}: ${fresh.length} of ${quietSamples} attempts made`;
  const bad = fresh.findLast((sample) => isFailure(sample) || (named && sample.responder === undefined));
  return bad && `${describePath(path)}: ${bad.verdict} ${bad.error ?? ''} at ${bad.atMs} ms`;
}
