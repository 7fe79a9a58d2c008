import { type SamplerSpec, TrailReading } from './agent-types.ts';
import type { Ask } from './control-connection.ts';
import { Probe } from './types.ts';

/** Samplers in an agent that keep runs of like attempts instead of samples, by name. */
export class AgentTrails {
  private readonly send: (ask: Ask) => Promise<unknown>;

  constructor(send: (ask: Ask) => Promise<unknown>) {
    this.send = send;
  }

  /** Starts one; one of that name goes on. @throws OrdealError AGENT. */
  async start(trail: string, spec: SamplerSpec): Promise<void> {
    await this.send({ op: 'trail', trail, spec: { ...spec, probe: Probe.parse(spec.probe) } });
  }

  /**
   * Returns what is new of trails: their runs from the number given on. One that is absent was lost with the agent's
   * process. @throws OrdealError AGENT.
   */
  async read(from: Readonly<Record<string, number>>): Promise<TrailReading> {
    return TrailReading.parse(await this.send({ op: 'trails', from }));
  }

  /** Ends one, and forgets it. @throws OrdealError AGENT. */
  async end(trail: string): Promise<void> {
    await this.send({ op: 'endTrail', trail });
  }
}
