import type { TrailReading } from '../probe/agent-types.ts';
import type { Interval } from './intervals.ts';
import type { Lane } from './lane.ts';
import type { Member, Roster } from './roster.ts';

/** Stalls and absences of this long ago excuse nothing any more. */
const rememberedMs = 120_000;
/** A stall is told again in every reading, and clocks are set a little better in between. */
const sameMs = 50;

/** Why attempts on a lane that failed may say nothing of the network: who had no time, and who was not there. */
export class ExcuseBook {
  private readonly stalls = new Map<string, Interval[]>();
  private readonly absences = new Map<string, Interval[]>();
  private readonly roster: Roster;

  constructor(roster: Roster) {
    this.roster = roster;
  }

  /** `offsetMs`: what makes the agent's time that of the harness. */
  noteStalls({ pod }: Member, { stalls, nowMs }: TrailReading, offsetMs: number): void {
    for (const { endedAgoMs, ms } of stalls) {
      const toMs = nowMs + offsetMs - endedAgoMs;
      note(this.stalls, pod, { fromMs: toMs - ms, toMs });
    }
  }

  noteAbsence(member: Member, interval: Interval): void {
    note(this.absences, keyOf(member.role, member.node), interval);
  }

  of({ client, server }: Lane): { stalls: Interval[]; absences: Interval[] } {
    const asker = this.roster.at(client)?.pod;
    // Behind a Service, a name server or an API server it may be any node that had no time.
    const asked = server === undefined ? this.roster.all() : [this.roster.at(server)];
    const pods = [asker, ...asked.map((one) => one?.pod)].filter((pod) => pod !== undefined);
    return {
      stalls: pods.flatMap((pod) => this.stalls.get(pod) ?? []),
      absences: server === undefined ? [] : (this.absences.get(keyOf(server.workload, server.node)) ?? []),
    };
  }

  forget(nowMs: number): void {
    for (const book of [this.stalls, this.absences])
      for (const [key, intervals] of book)
        book.set(
          key,
          intervals.filter(({ toMs }) => nowMs - toMs < rememberedMs),
        );
  }
}

const keyOf = (role: string, node: string) => `${role} ${node}`;

function note(book: Map<string, Interval[]>, key: string, interval: Interval): void {
  const known = book.get(key) ?? [];
  const isKnown = known.some(({ toMs }) => Math.abs(toMs - interval.toMs) < sameMs);
  if (!isKnown) book.set(key, [...known, interval]);
}
