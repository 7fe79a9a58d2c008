import type { Agent, Stall } from '../probe/agent-types.ts';
import type { Probe } from '../probe/types.ts';

/** A stall of this part of a probe's time, or a longer one, may be why it got no answer. */
const leastPart = 0.5;

/** What the processes of agents say of their own time in the last `sinceMs`; to be asked just after it. */
export class StalledAgents {
  private readonly longest: ReadonlyMap<Agent, number>;

  private constructor(longest: ReadonlyMap<Agent, number>) {
    this.longest = longest;
  }

  /** Asks all of them. One that does not answer counts as stalled all the time. */
  static async ask(agents: Iterable<Agent>, sinceMs: number): Promise<StalledAgents> {
    const asked = [...new Set(agents)].map(async (agent) => {
      const stalls = await agent.stalls().catch((): Stall[] => [{ endedAgoMs: 0, ms: Infinity }]);
      const within = stalls.filter(({ endedAgoMs }) => endedAgoMs <= sinceMs).map(({ ms }) => ms);
      return [agent, Math.max(0, ...within)] as const;
    });
    return new StalledAgents(new Map(await Promise.all(asked)));
  }

  /**
   * Returns whether a probe that got no answer may owe it to a process that did not run: that of the agent that asked,
   * of the one whose address it asked, or, where the address is nobody's own (a Service), of any.
   */
  explains(from: Agent, probe: Probe): boolean {
    const least = leastPart * probe.timeoutMs;
    const host = 'host' in probe ? probe.host : undefined;
    const asked = [...this.longest].filter(([{ ips }]) => host !== undefined && ips.includes(host));
    const servers = asked.length > 0 ? asked : [...this.longest];
    return (this.longest.get(from) ?? 0) >= least || servers.some(([, ms]) => ms >= least);
  }
}
