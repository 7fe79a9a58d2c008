import type { Route } from './types.ts';
import type { Grid } from './grid-types.ts';
import { everyNth } from '../base/every-nth.ts';
import { OverlappingSamples } from '../table/overlapping-samples.ts';
import { explainCells } from './render.ts';
import { disagreements, type MeasuredCell, type PolicyTable } from './table.ts';

/** Enough to see each end of a change, few enough to ask again and again; each source asked is a round trip. */
const mostSentinels = 8;
const mostSources = 3;

interface WatchOptions {
  /** How long a probe waits for its answer. */
  readonly timeoutMs: number;
  readonly routes?: readonly [Route, Route] | undefined;
  /** A canary has shown that the change is in force: no cell need be asked for that. */
  readonly confirmed?: boolean;
}

/** Silence of this part of a probe's time is a hint that a cell has changed; whole tables judge. */
const hintPart = 0.5;

type AskedTable = Pick<PolicyTable, 'measure' | 'verdicts' | 'keys'>;

/**
 * Samples a table until it settles, in two routes in turn, commonly by pod address and through Services, so that two
 * agreeing samples have asked every pair in both. While cells are known that have yet to change, a few of those are
 * asked alone: whole tables, hundreds of probes each, are spent on agreement and not on waiting. The two looks overlap:
 * each lasts as long as a probe waits for an answer that does not come.
 */
export class TableWatch {
  private readonly grid: Pick<Grid, 'history'>;
  private readonly table: AskedTable;
  private readonly timeoutMs: number;
  private sentinelCells: ReadonlySet<string>;
  private readonly routes: readonly [Route, Route];
  private readonly looks: OverlappingSamples<MeasuredCell[]>;
  /** The look that was begun in vain beside a first one that disagreed. */
  private vain: Promise<MeasuredCell[]> | undefined;
  private readonly seen = new Map<string, MeasuredCell>();
  private readonly startedAt = performance.now();
  private effectMs = 0;

  constructor(
    grid: Pick<Grid, 'history'>,
    table: AskedTable,
    { timeoutMs, routes = ['pod', 'service'], confirmed = false }: WatchOptions,
  ) {
    this.routes = routes;
    this.grid = grid;
    this.table = table;
    this.timeoutMs = timeoutMs;
    this.looks = new OverlappingSamples(
      () => this.look(routes[0]),
      () => this.look(routes[1]),
    );
    this.sentinelCells = spread(confirmed ? [] : observableCells(grid, table.verdicts()));
  }

  /** Returns undefined when every cell agrees, else what does not, with the oracle's reason. */
  async sample(): Promise<string | undefined> {
    if (this.sentinelCells.size > 0) {
      const early = disagreements(await this.table.measure(Math.ceil(this.timeoutMs * hintPart), this.sentinelCells));
      this.effectMs = performance.now() - this.startedAt;
      if (early.length > 0) return `of ${this.sentinelCells.size} cells asked ${explainCells(early)}`;
    }
    const wrong = disagreements(this.remember(await this.looks.next()));
    if (wrong.length > 0) this.vain = this.looks.forget();
    this.sentinelCells = spread(wrong.map((cell) => cell.key));
    return wrong.length === 0 ? undefined : explainCells(wrong);
  }

  /**
   * Returns the table that agreed, and remembers that this is what the grid does now. `effectMs`: from the change to
   * the last look at cells that had to change; `agreeMs`: what the whole tables took from there.
   */
  settled(): { cells: readonly MeasuredCell[]; effectMs: number; agreeMs: number } {
    this.grid.history.settled = this.table.verdicts();
    const { effectMs } = this;
    return { cells: this.cells(), effectMs, agreeMs: performance.now() - this.startedAt - effectMs };
  }

  /** Returns a whole table for the report of a failure: a new one, or the last where that cannot be old. */
  async unsettled({ anew }: { readonly anew: boolean }): Promise<readonly MeasuredCell[]> {
    forgetSettled(this.grid);
    const last = anew ? undefined : this.vain;
    const looks = last === undefined ? this.routes.map((route) => this.look(route)) : [last];
    (await Promise.all(looks)).forEach((cells) => this.remember(cells));
    return this.cells();
  }

  private look(route: Route): Promise<MeasuredCell[]> {
    return this.table.measure(this.timeoutMs, route);
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
export function forgetSettled(grid: Pick<Grid, 'history'>): void {
  grid.history.settled = 'unknown';
}

/** Whether a grid that does as these verdicts say must have changed since it was last seen settled. */
export function isObservable(grid: Pick<Grid, 'history'>, verdicts: ReadonlyMap<string, string>): boolean {
  return observableCells(grid, verdicts).length > 0;
}

function observableCells(grid: Pick<Grid, 'history'>, verdicts: ReadonlyMap<string, string>): string[] {
  const before = grid.history.settled;
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
  return new Set(rows.flatMap((row) => everyNth(row, Math.ceil(mostSentinels / rows.length))));
}
