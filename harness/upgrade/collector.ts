import { harnessNowMs } from './harness-clock.ts';
import { AgentProcess } from './agent-process.ts';
import { ExcuseBook } from './excuse-book.ts';
import type { Lane } from './lane.ts';
import { LaneBook, type LaneWindow } from './lane-book.ts';
import type { Member, Roster } from './roster.ts';

/** A window of one lane that is over, or that the session ended in. */
export interface SeenWindow extends LaneWindow {
  readonly lane: Lane;
}

/** What ended this long ago is judged: by then every agent has told of its stalls. */
const judgedAfterMs = 5_000;

/**
 * Samples every lane that leads somewhere now and reads the agents again and again. An agent that does not answer goes
 * on sampling by itself and is read later; one whose process is new has lost what was not read.
 */
export class Collector {
  readonly books = new Map<string, LaneBook>();
  readonly lanes = new Map<string, Lane>();
  private readonly roster: Roster;
  private readonly plan: () => readonly Lane[];
  private readonly processes = new Map<string, AgentProcess>();
  private readonly lostWindows: SeenWindow[] = [];
  private readonly excuses: ExcuseBook;
  private markMs: number | undefined;

  /** `plan` gives the lanes as the pods stand now; a lane keeps its id when its address changes. */
  constructor(roster: Roster, plan: () => readonly Lane[]) {
    this.roster = roster;
    this.plan = plan;
    this.excuses = new ExcuseBook(roster);
  }

  /** What is due from then on is the upgrade's. */
  mark(atMs: number): void {
    this.markMs = atMs;
    for (const book of this.books.values()) book.mark(atMs);
  }

  /** Asks every agent once, at the same time. */
  async poll(): Promise<void> {
    const lanes = this.plan();
    for (const lane of lanes) this.know(lane);
    await Promise.all(
      this.roster.all().map((member) =>
        this.ask(
          member,
          lanes.filter(({ client }) => client.workload === member.role && client.node === member.node),
        ).catch(() => undefined),
      ),
    );
  }

  /** Returns the windows that are settled by now; `all`: also those that are not. */
  take(nowMs: number, all = false): SeenWindow[] {
    const lost = this.lostWindows.splice(0);
    const seen = [...this.books].flatMap(([id, book]) => {
      const lane = this.lanes.get(id);
      if (lane === undefined) return [];
      const excuses = { ...this.excuses.of(lane), timeoutMs: lane.spec.probe.timeoutMs };
      return book
        .take(nowMs - judgedAfterMs, excuses, lane.expected === 'closed', all)
        .map((window) => ({ ...window, lane }));
    });
    this.excuses.forget(nowMs);
    return [...lost, ...seen];
  }

  /** Returns windows of what nobody saw: agents that never came back told nothing since they were last heard. */
  finish(nowMs: number): SeenWindow[] {
    return [...this.lanes.values()].flatMap((lane) => {
      const book = this.books.get(lane.id);
      const knownMs = book?.knownToMs;
      const silentMs = nowMs - (knownMs ?? nowMs) - lane.spec.everyMs;
      if (book === undefined || knownMs === undefined || silentMs < judgedAfterMs) return [];
      return [{ ...book.lose({ fromMs: knownMs, toMs: nowMs }, lane.spec.everyMs), recovered: false, lane }];
    });
  }

  /** Returns how many agents answered the last time they were asked, and how many there are. */
  heard(nowMs: number): { readonly agents: number; readonly silent: number } {
    const heard = this.roster.all().map(({ pod }) => this.processes.get(pod)?.heardMs ?? 0);
    return { agents: heard.length, silent: heard.filter((at) => nowMs - at > 2 * judgedAfterMs).length };
  }

  private know(lane: Lane): void {
    if (!this.books.has(lane.id)) {
      const book = new LaneBook();
      if (this.markMs !== undefined) book.mark(this.markMs);
      this.books.set(lane.id, book);
    }
    this.lanes.set(lane.id, lane);
  }

  private async ask(member: Member, lanes: readonly Lane[]): Promise<void> {
    const process = this.processes.get(member.pod) ?? (await this.meet(member));
    process.member = member;
    const reading = await process.read();
    if (reading === undefined) {
      // Another process is met anew, and what was not read of the one before is lost.
      this.processes.delete(member.pod);
      return;
    }
    this.excuses.noteStalls(member, reading, process.offsetMs);
    for (const lane of lanes) for (const one of process.newIn(lane, reading)) this.books.get(lane.id)?.add(one);
    await process.align(lanes);
  }

  private async meet(member: Member): Promise<AgentProcess> {
    const process = await AgentProcess.meet(member);
    this.processes.set(member.pod, process);
    this.noteSuccession(member);
    return process;
  }

  /** A process that took the place of one that sampled: what that one did not tell, nobody knows. */
  private noteSuccession(member: Member): void {
    const former = [...this.lanes.values()].filter(
      ({ client }) => client.workload === member.role && client.node === member.node,
    );
    const known = former.filter(({ id }) => this.books.get(id)?.knownToMs !== undefined);
    if (known.length === 0) return;
    const nowMs = harnessNowMs();
    this.excuses.noteAbsence(member, { fromMs: this.lastKnown(known, nowMs), toMs: nowMs });
    this.loseAll(known, nowMs);
  }

  private lastKnown(lanes: readonly Lane[], otherwise: number): number {
    const due = lanes.flatMap(({ id, spec }) => {
      const knownMs = this.books.get(id)?.knownToMs;
      return knownMs === undefined ? [] : [knownMs - spec.everyMs];
    });
    return due.length === 0 ? otherwise : Math.max(...due);
  }

  private loseAll(lanes: readonly Lane[], untilMs: number): void {
    for (const lane of lanes) {
      const book = this.books.get(lane.id);
      const fromMs = book?.knownToMs;
      if (book === undefined || fromMs === undefined || fromMs >= untilMs) continue;
      this.lostWindows.push({ ...book.lose({ fromMs, toMs: untilMs }, lane.spec.everyMs), lane });
    }
  }
}
