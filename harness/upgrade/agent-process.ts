import type { TrailReading } from '../probe/agent-types.ts';
import { newAttempts, noProgress, type Progress } from './attempts.ts';
import { harnessNowMs } from './harness-clock.ts';
import type { Lane } from './lane.ts';
import type { Attempts } from './lane-book.ts';
import type { Member } from './roster.ts';

/** What is sampled in a lane at the moment: one trail, towards one address. */
interface Sampling {
  readonly trail: string;
  progress: Progress;
}

const mostClockReadings = 5;

/** One process of an agent: the trails it keeps, and its clock against that of the harness. */
export class AgentProcess {
  /** Its address, and with it the way to it, may change while it lives. */
  member: Member;
  private readonly sampling = new Map<string, Sampling>();
  private roundTripMs = Infinity;
  /** Harness time = the agent's time + this; as good as half of the shortest round trip. */
  offsetMs = 0;
  /** When it was last heard, in time of the harness. */
  heardMs = harnessNowMs();

  private constructor(member: Member) {
    this.member = member;
  }

  /** Sets its clock by a few readings. @throws OrdealError AGENT. */
  static async meet(member: Member): Promise<AgentProcess> {
    const process = new AgentProcess(member);
    for (let reading = 0; reading < mostClockReadings; reading++) await process.readTrails({});
    return process;
  }

  /** Reads what is new. Undefined: it is another process by now, which knows none of the trails. @throws OrdealError AGENT. */
  async read(): Promise<TrailReading | undefined> {
    const trails = [...this.sampling.values()];
    const reading = await this.readTrails(
      Object.fromEntries(trails.map(({ trail, progress }) => [trail, progress.next])),
    );
    return trails.every(({ trail }) => trail in reading.trails) ? reading : undefined;
  }

  /** Returns what a reading adds to a lane, each attempt once. */
  newIn(lane: Lane, reading: TrailReading): Attempts[] {
    const sampling = this.sampling.get(lane.id);
    const told = sampling === undefined ? undefined : reading.trails[sampling.trail];
    if (sampling === undefined || told === undefined) return [];
    const { attempts, progress } = newAttempts(lane, told, sampling.progress, told.startMs + this.offsetMs);
    sampling.progress = progress;
    return attempts;
  }

  /** Starts what is not sampled yet, and anew what leads elsewhere now. @throws OrdealError AGENT. */
  async align(lanes: readonly Lane[]): Promise<void> {
    const { trails } = this.member.agent;
    for (const lane of lanes) {
      const trail = trailOf(lane);
      const now = this.sampling.get(lane.id)?.trail;
      if (now === trail) continue;
      await trails.start(trail, lane.spec);
      this.sampling.set(lane.id, { trail, progress: noProgress });
      if (now !== undefined) await trails.end(now);
    }
  }

  private async readTrails(from: Record<string, number>): Promise<TrailReading> {
    const sentMs = harnessNowMs();
    const reading = await this.member.agent.trails.read(from);
    this.heardMs = harnessNowMs();
    const roundTripMs = this.heardMs - sentMs;
    if (roundTripMs < this.roundTripMs) {
      this.roundTripMs = roundTripMs;
      this.offsetMs = this.heardMs - roundTripMs / 2 - reading.nowMs;
    }
    return reading;
  }
}

/** The same for a start that is repeated because its answer was lost; another one for another address. */
const trailOf = ({ id, spec: { probe } }: Lane) => ('host' in probe ? `${id}@${probe.host}` : id);
