import type { Way } from './types.ts';
import type { Grid } from './grid-types.ts';
import { everyNth } from '../base/every-nth.ts';
import { LookPair } from '../table/look-pair.ts';
import { explainCells } from './render.ts';
import { disagreements, type MeasuredCell, type PolicyTable } from './table.ts';

/** Enough to see each end of a change, few enough to ask again and again; each source asked is a round trip. */
const mostWitnesses = 8;
const mostSources = 3;

interface WatchOptions {
  /** How long a probe waits for its answer. */
  readonly timeoutMs: number;
  readonly ways?: readonly [Way, Way] | undefined;
  /** Something else has told that the change is in force: no cell need be asked for that. */
  readonly told?: boolean;
}

/** Silence of this part of a probe's time is a hint that a cell has changed; whole tables judge. */
const hintPart = 0.5;

type AskedTable = Pick<PolicyTable, 'measure' | 'verdicts' | 'keys'>;

/** What the datapath of a grid was last seen to do; a new grid is open everywhere, one that never settled does anything. */
const lastSettled = new WeakMap<Grid, ReadonlyMap<string, string> | 'unknown'>();

/**
 * Samples a table until it settles, in two ways in turn, commonly by pod address and through Services, so that two
 * agreeing samples have asked every pair in both. While cells are known that have yet to change, a few of those are
 * asked alone: whole tables, hundreds of probes each, are spent on agreement and not on waiting. The two looks overlap:
 * each lasts as long as a probe waits for an answer that does not come.
 */
export class TableWatch {
  private readonly grid: Grid;
  private readonly table: AskedTable;
  private readonly timeoutMs: number;
  private witnesses: ReadonlySet<string>;
  private readonly ways: readonly [Way, Way];
  private readonly looks: LookPair<MeasuredCell[]>;
  /** The look that was begun in vain beside a first one that disagreed. */
  private vain: Promise<MeasuredCell[]> | undefined;
  private readonly seen = new Map<string, MeasuredCell>();
  private readonly startedAt = performance.now();
  private effectMs = 0;

  constructor(grid: Grid, table: AskedTable, { timeoutMs, ways = ['pod', 'service'], told = false }: WatchOptions) {
    this.ways = ways;
    this.grid = grid;
    this.table = table;
    this.timeoutMs = timeoutMs;
    this.looks = new LookPair(
      () => this.look(ways[0]),
      () => this.look(ways[1]),
    );
    this.witnesses = spread(told ? [] : newsOf(grid, table.verdicts()));
  }

  /** Returns undefined when every cell agrees, else what does not, with the oracle's reason. */
  async sample(): Promise<string | undefined> {
    if (this.witnesses.size > 0) {
      const early = disagreements(await this.table.measure(Math.ceil(this.timeoutMs * hintPart), this.witnesses));
      this.effectMs = performance.now() - this.startedAt;
      if (early.length > 0) return `of ${this.witnesses.size} cells asked ${explainCells(early)}`;
    }
    const wrong = disagreements(this.remember(await this.looks.next()));
    if (wrong.length > 0) this.vain = this.looks.forget();
    this.witnesses = spread(wrong.map((cell) => cell.key));
    return wrong.length === 0 ? undefined : explainCells(wrong);
  }

  /**
   * Returns the table that agreed, and remembers that this is what the grid does now. `effectMs`: from the change to
   * the last look at cells that had to change; `agreeMs`: what the whole tables took from there.
   */
  settled(): { cells: readonly MeasuredCell[]; effectMs: number; agreeMs: number } {
    lastSettled.set(this.grid, this.table.verdicts());
    const { effectMs } = this;
    return { cells: this.cells(), effectMs, agreeMs: performance.now() - this.startedAt - effectMs };
  }

  /** Returns a whole table for the report of a failure: a new one, or the last where that cannot be old. */
  async unsettled({ anew }: { readonly anew: boolean }): Promise<readonly MeasuredCell[]> {
    forgetSettled(this.grid);
    const last = anew ? undefined : this.vain;
    const looks = last === undefined ? this.ways.map((way) => this.look(way)) : [last];
    (await Promise.all(looks)).forEach((cells) => this.remember(cells));
    return this.cells();
  }

  private look(way: Way): Promise<MeasuredCell[]> {
    return this.table.measure(this.timeoutMs, way);
  }

  /** Only of looks that were judged: one that was begun in vain may end after a later one. */
  private remember(cells: MeasuredCell[]): MeasuredCell[] {
    for (const cell of cells) this.seen.set(cell.key, cell);
    return cells;
  }

  private cells(): MeasuredCell[] {
    return this.table.keys().flatMap((key) => this.seen.get(key) ?? []);
  }
}

/** For who changes a grid and measures no whole table: nobody knows what it does then. */
export function forgetSettled(grid: Grid): void {
  lastSettled.set(grid, 'unknown');
}

/** Whether a grid that does as these verdicts say must have changed since it was last seen settled. */
export function isNews(grid: Grid, verdicts: ReadonlyMap<string, string>): boolean {
  return newsOf(grid, verdicts).length > 0;
}

function newsOf(grid: Grid, verdicts: ReadonlyMap<string, string>): string[] {
  const before = lastSettled.get(grid);
  return before === 'unknown' ? [] : changedCells(before, verdicts);
}

/** Returns the cells in which two tables differ; without a table all is open. */
export function changedCells(
  before: ReadonlyMap<string, string> | undefined,
  after: ReadonlyMap<string, string>,
): string[] {
  return [...after].filter(([key, verdict]) => (before?.get(key) ?? 'open') !== verdict).map(([key]) => key);
}

/** Returns some of the cells: of few sources, which are far apart in the list, each with cells that are. */
function spread(keys: readonly string[]): ReadonlySet<string> {
  const bySource = Map.groupBy(keys, (key) => key.split(' ', 1)[0]);
  const rows = everyNth([...bySource.values()], mostSources);
  return new Set(rows.flatMap((row) => everyNth(row, Math.ceil(mostWitnesses / rows.length))));
}
