import type { WindowKind } from '../events/upgrade-events.ts';
import { type Interval, overlaps } from './intervals.ts';

/** Attempts that ended alike: the first was due at `fromMs`, each next one `everyMs` later. */
export interface Attempts {
  readonly fromMs: number;
  readonly everyMs: number;
  readonly count: number;
  /** `unknown`: the tool broke, which is neither. */
  readonly state: 'well' | 'ill' | 'unknown';
  /** Of those that are not well: `dropped: timeout`. */
  readonly class?: string;
  readonly connection?: number;
  readonly sumUs: number;
  readonly maxUs: number;
}

/** Why attempts that failed may say nothing of the network. */
export interface Excuses {
  /** When the process that asked, or one that is asked, did not run. */
  readonly stalls: readonly Interval[];
  /** When the one that is asked was not there. */
  readonly absences: readonly Interval[];
  /** An attempt takes this long at most. */
  readonly timeoutMs: number;
}

export interface LaneWindow {
  readonly kind: WindowKind;
  readonly fromMs: number;
  readonly toMs: number;
  readonly attempts: number;
  readonly recovered: boolean;
  readonly classes: Readonly<Record<string, number>>;
}

export interface Totals {
  attempts: number;
  failed: number;
  unknown: number;
  lost: number;
  cuts: number;
  wellUs: number;
  maxUs: number;
}

interface Draft {
  readonly fromMs: number;
  readonly ill: Attempts[];
  toMs: number;
  recovered: boolean;
}

type Stretch = 'before' | 'during';

const empty = (): Totals => ({ attempts: 0, failed: 0, unknown: 0, lost: 0, cuts: 0, wellUs: 0, maxUs: 0 });

/** What was seen on one lane, as it comes; attempts must come in the order in which they were due. */
export class LaneBook {
  readonly totals: Readonly<Record<Stretch, Totals>> = { before: empty(), during: empty() };
  private readonly closed: Draft[] = [];
  private open: Draft | undefined;
  private connection: number | undefined;
  private markMs = Infinity;
  /** When the last attempt that is known was due, with its interval. */
  knownToMs: number | undefined;

  /** What is due from then on counts as `during`. */
  mark(atMs: number): void {
    this.markMs = atMs;
  }

  /** Whether the last attempt failed. */
  get isDown(): boolean {
    return this.open !== undefined;
  }

  add(attempts: Attempts): void {
    const before = Math.min(attempts.count, Math.max(0, Math.ceil((this.markMs - attempts.fromMs) / attempts.everyMs)));
    const share = (count: number) => ({ ...attempts, count, sumUs: (attempts.sumUs * count) / attempts.count });
    if (before > 0) this.count('before', share(before));
    if (before < attempts.count) this.count('during', share(attempts.count - before));
    this.follow(attempts);
    this.knownToMs = attempts.fromMs + attempts.count * attempts.everyMs;
  }

  /** Nobody knows what became of the attempts due in this time: the agent that made them is gone. */
  lose(gap: Interval, everyMs: number): LaneWindow {
    const lost = Math.max(1, Math.round((gap.toMs - gap.fromMs) / everyMs));
    this.totals[gap.fromMs < this.markMs ? 'before' : 'during'].lost += lost;
    this.close(gap.fromMs, false);
    this.connection = undefined;
    this.knownToMs = gap.toMs;
    return { kind: 'lost', ...gap, attempts: lost, recovered: true, classes: { 'no agent': lost } };
  }

  /**
   * Takes the windows that ended before `untilMs`; `all`: every one, also one that has not ended. Excuses must be known up
   * to then.
   */
  take(untilMs: number, excuses: Excuses, closed: boolean, all = false): LaneWindow[] {
    if (all) this.close(this.knownToMs ?? untilMs, false);
    const ready = this.closed.filter(({ toMs }) => all || toMs <= untilMs);
    this.closed.splice(0, ready.length);
    return ready.map((draft) => windowOf(draft, excuses, closed));
  }

  private count(stretch: Stretch, { count, state, sumUs, maxUs }: Attempts): void {
    const totals = this.totals[stretch];
    totals.attempts += count;
    if (state === 'ill') totals.failed += count;
    if (state === 'unknown') totals.unknown += count;
    if (state !== 'well') return;
    totals.wellUs += sumUs;
    totals.maxUs = Math.max(totals.maxUs, maxUs);
  }

  private follow(attempts: Attempts): void {
    const { state, fromMs, everyMs, count, connection } = attempts;
    if (connection !== undefined && this.connection !== undefined && connection !== this.connection)
      this.totals[fromMs < this.markMs ? 'before' : 'during'].cuts += 1;
    this.connection = connection ?? this.connection;
    if (state === 'well') this.close(fromMs, true);
    if (state !== 'ill') return;
    this.open ??= { fromMs, ill: [], toMs: fromMs, recovered: false };
    this.open.ill.push(attempts);
    this.open.toMs = fromMs + (count - 1) * everyMs;
  }

  private close(atMs: number, recovered: boolean): void {
    if (this.open === undefined) return;
    this.closed.push({ ...this.open, toMs: recovered ? atMs : Math.max(this.open.toMs, atMs), recovered });
    this.open = undefined;
  }
}

function windowOf({ fromMs, toMs, recovered, ill }: Draft, excuses: Excuses, closed: boolean): LaneWindow {
  const attempts = ill.reduce((sum, { count }) => sum + count, 0);
  const classes: Record<string, number> = {};
  for (const { class: name = 'unknown', count } of ill) classes[name] = (classes[name] ?? 0) + count;
  const kind = closed ? 'leak' : kindOf({ fromMs, toMs: Math.max(toMs, fromMs + 1) }, ill, excuses);
  return { kind, fromMs, toMs, attempts, recovered, classes };
}

/** What leaks was answered, whoever was late: only what was not answered can be excused. */
function kindOf(window: Interval, ill: readonly Attempts[], { stalls, absences, timeoutMs }: Excuses): WindowKind {
  if (absences.some((absence) => overlaps(absence, window))) return 'lost';
  const excused = ill.every(({ fromMs, everyMs, count }) =>
    Array.from({ length: count }, (_, index) => fromMs + index * everyMs).every((dueMs) =>
      stalls.some((stall) => overlaps(stall, { fromMs: dueMs, toMs: dueMs + timeoutMs })),
    ),
  );
  return excused ? 'starved' : 'down';
}
