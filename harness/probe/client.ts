import { type Agent, LoadResult, type LoadSpec, type Sampler, type SamplerSpec, Stall } from './agent-types.ts';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { describeError, OrdealError } from '../base/errors.ts';
import { type Ask, ControlConnection, ConnectionBroken, readReply, Refused } from './control-connection.ts';
import { withDeadline } from '../base/deadline.ts';
import type { AgentTransport } from './transport.ts';
import { AgentTrails } from './agent-trails.ts';
import { RemoteSampler } from './remote-sampler.ts';
import { longestRowMs } from './row-time.ts';
import { ProbeThrottle } from './probe-throttle.ts';
import { Probe, ProbeResult } from './types.ts';

/** Where an agent runs. */
export type AgentIdentity = Pick<Agent, 'name' | 'namespace' | 'node' | 'ip' | 'ips'>;

/** An agent of the harness's own fleet, whose control connection can be let go. */
export interface FleetAgent extends Agent {
  /** Resolves once the agent answers. @throws OrdealError AGENT naming the pod when it does not within `timeoutMs`. */
  ping(timeoutMs: number): Promise<void>;
  /** Runs a closed-loop load to its end. @throws OrdealError AGENT when the agent or its control channel broke. */
  load(spec: LoadSpec): Promise<LoadResult>;
  /** Samplers that keep runs of like attempts instead of samples. */
  readonly trails: AgentTrails;
  close(): void;
}

const Results = z.array(ProbeResult);
const Stalls = z.array(Stall);
/** For agents of whom nobody says on how many cores they run: they are likely to share this machine. */
const onThisMachine = ProbeThrottle.forCores(0);

class Client implements FleetAgent {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  readonly ip: string;
  readonly ips: readonly string[];
  private readonly transport: AgentTransport;
  private readonly controlMs: number;
  private readonly rows: ProbeThrottle;
  private connection: Promise<ControlConnection> | undefined;
  readonly trails = new AgentTrails((ask) => this.insist(ask, 0));

  constructor(identity: AgentIdentity, transport: AgentTransport, controlMs: number, rows: ProbeThrottle) {
    this.rows = rows;
    this.name = identity.name;
    this.namespace = identity.namespace;
    this.node = identity.node;
    this.ip = identity.ip;
    this.ips = identity.ips;
    this.transport = transport;
    this.controlMs = controlMs;
  }

  async probe(probes: readonly Probe[]): Promise<ProbeResult[]> {
    return probes.length === 0 ? [] : this.rows.run(probes.length, (quiet) => this.ask(probes, quiet));
  }

  private async ask(probes: readonly Probe[], quiet?: () => void): Promise<ProbeResult[]> {
    try {
      const wire = z.array(Probe).parse(probes);
      const ask = { op: 'probe', probes: wire, tellQuiet: quiet !== undefined } as const;
      const results = Results.parse(await this.request(ask, longestRowMs(probes), quiet));
      if (results.length !== probes.length) throw new Error(`${results.length} results for ${probes.length} probes`);
      return results;
    } catch (error) {
      const broken = { verdict: 'inconclusive', elapsedUs: 0, error: this.failure('probe', error).message } as const;
      return probes.map(() => broken);
    }
  }

  async sample(spec: SamplerSpec): Promise<Sampler> {
    const sampler = randomUUID();
    const send = (ask: Ask) => this.insist(ask, spec.probe.timeoutMs);
    await send({ op: 'sample', sampler, spec: { ...spec, probe: Probe.parse(spec.probe) } });
    return new RemoteSampler(sampler, send);
  }

  async load(spec: LoadSpec): Promise<LoadResult> {
    const ask = { op: 'load', spec: { ...spec, probe: Probe.parse(spec.probe) } } as const;
    return LoadResult.parse(await this.insist(ask, spec.warmUpMs + spec.forMs + spec.probe.timeoutMs));
  }

  bootSampler(): Sampler {
    return new RemoteSampler('boot', (ask) => this.insist(ask, 0));
  }

  async stalls(): Promise<readonly Stall[]> {
    return Stalls.parse(await this.insist({ op: 'stalls' }, 0));
  }

  async setReady(ready: boolean): Promise<void> {
    await this.insist({ op: 'ready', ready }, 0);
  }

  async ping(timeoutMs: number): Promise<void> {
    try {
      await withDeadline(this.request({ op: 'info' }, timeoutMs), timeoutMs, `no answer after ${timeoutMs} ms`);
    } catch (error) {
      throw this.failure('reaching the control channel', error);
    }
  }

  close(): void {
    void this.connection?.then((open) => open.fail('closed by the harness')).catch(() => undefined);
    this.connection = undefined;
  }

  private async insist(ask: Ask, extraMs: number): Promise<unknown> {
    try {
      return await this.request(ask, extraMs);
    } catch (error) {
      throw this.failure(ask.op, error);
    }
  }

  private failure(operation: string, error: unknown): OrdealError {
    const who = `agent ${this.namespace}/${this.name} on node ${this.node || 'unknown'}`;
    const remedy = `Look at the pod: kubectl -n ${this.namespace} describe pod ${this.name}`;
    return new OrdealError('AGENT', `${operation}: ${who} is broken: ${describeError(error)}`, {
      remedy,
      cause: error,
    });
  }

  private async request(ask: Ask, extraMs: number, quiet?: () => void): Promise<unknown> {
    const ms = extraMs + this.controlMs;
    try {
      return await withDeadline(this.overConnection(ask, quiet), ms, `no answer after ${ms} ms`);
    } catch (error) {
      if (error instanceof Refused) throw error;
      // A connection that swallowed a request must not swallow the next one.
      this.close();
      if (!(error instanceof ConnectionBroken) || this.transport.ask === undefined) throw error;
      return this.overAsk(this.transport.ask.bind(this.transport), ask, ms);
    }
  }

  /** A kept connection may have died unnoticed; that is found out, once, by using it. */
  private async overConnection(ask: Ask, quiet?: () => void): Promise<unknown> {
    try {
      return await (await this.usable()).request(ask, quiet);
    } catch (error) {
      if (!(error instanceof ConnectionBroken)) throw error;
      this.connection = undefined;
      return (await this.usable()).request(ask, quiet);
    }
  }

  private async usable(): Promise<ControlConnection> {
    const kept = await (this.connection ??= this.connect());
    if (kept.usable) return kept;
    this.connection = this.connect();
    return this.connection;
  }

  private async connect(): Promise<ControlConnection> {
    try {
      return new ControlConnection(await this.transport.open());
    } catch (error) {
      throw new ConnectionBroken(`control connection refused: ${describeError(error)}`, { cause: error });
    }
  }

  private async overAsk(transport: NonNullable<AgentTransport['ask']>, ask: Ask, ms: number): Promise<unknown> {
    const reply = readReply(await transport(JSON.stringify({ id: 1, ...ask }), ms));
    if ('refusal' in reply) throw reply.refusal;
    return reply.result;
  }
}

/**
 * Returns the client of one agent. It connects when first used, keeps the connection, opens a new one when it broke,
 * and takes the transport's `ask` when that fails too. `controlMs` is what a round trip may take beyond its probes; agents that
 * share `rows` share cores.
 */
export function connectAgent(
  identity: AgentIdentity,
  transport: AgentTransport,
  controlMs: number,
  rows: ProbeThrottle = onThisMachine,
): FleetAgent {
  return new Client(identity, transport, controlMs, rows);
}
