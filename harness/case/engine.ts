import type { Feature } from '../../clusters/names.ts';
import type { FeatureState } from '../cluster/types.ts';
import type { Emit, RunEvent } from '../events/types.ts';
import { executeCase, type OpenContext } from './execute.ts';
import { type Limits, notToRun } from './needs.ts';
import type { CaseVerdict } from './outcome.ts';
import { type Concurrency, leasedBy } from './concurrency.ts';
import { Overlap } from './overlap.ts';
import { drain } from './scheduler.ts';
import { BeginWhenFits } from './begin-when-fits.ts';
import { isExclusive, wantsOtherParts } from './exclusive.ts';
import type { Consent } from './touches.ts';
import type { LeasedFixture } from './fixture.ts';
import type { CaseDefinition } from './types.ts';

export type BaselineNote = Extract<RunEvent, { type: 'case.finished' }>['baseline'];

export interface EngineOptions {
  readonly cases: readonly CaseDefinition[];
  readonly features: ReadonlyMap<Feature, FeatureState>;
  /** Features that the command line makes binding. */
  readonly required?: ReadonlySet<Feature>;
  /** What may be disrupted. */
  readonly consent: Consent;
  readonly lacking?: Limits['lacking'];
  readonly openContext: OpenContext;
  readonly emit: Emit;
  /** Holds a verdict against the known results of this CNI and version. */
  readonly classify: (
    id: string,
    verdict: Pick<CaseVerdict, 'outcome' | 'reason' | 'explained' | 'unexplained'>,
  ) => { note: BaselineNote; reason?: string };
  readonly caseMs: number;
  readonly unwindMs: number;
  readonly concurrency: Concurrency;
  readonly failFast: boolean;
  readonly signal: AbortSignal;
}

export interface CaseResult extends CaseVerdict {
  readonly id: string;
  readonly variant?: string;
  readonly baseline: BaselineNote;
  readonly ms: number;
}

/** A run under way: one promise per case (never rejects), by `caseKey`, and all of them in the order of `cases`. */
export interface EngineRun {
  readonly results: ReadonlyMap<string, Promise<CaseResult>>;
  readonly done: Promise<readonly CaseResult[]>;
}

/**
 * Starts all cases: those that lease nothing and those of each leased fixture side by side, mostly idle ones beside them,
 * exclusive ones after the rest, alone or beside each other where they want different parts of the cluster. Every planned case ends with exactly one outcome; an abort or a fail-fast stop skips what has not begun.
 */
export function startCases(options: EngineOptions): EngineRun {
  const pending = new Map(options.cases.map((one) => [caseKey(one), Promise.withResolvers<CaseResult>()]));
  for (const one of options.cases) options.emit(planned(one));
  const state = new EngineState(options, (result) => pending.get(caseKey(result))?.resolve(result));
  const done = runAll(options, state).then(() => Promise.all([...pending.values()].map((one) => one.promise)));
  return { results: new Map([...pending].map(([id, one]) => [id, one.promise])), done };
}

async function runAll({ cases, concurrency }: EngineOptions, state: EngineState): Promise<void> {
  // What takes tens of seconds on this CNI does not show a busy machine, and all others would wait for it.
  const isAlone = (one: CaseDefinition) => isExclusive(one) && !(one.mostlyIdle && concurrency.idleBeside);
  const run = (one: CaseDefinition) => state.settleOne(one);
  const { idleCores } = concurrency;
  const overlaps = (one: CaseDefinition) => idleCores !== undefined && one.mostlyIdle && leasedBy(one) === undefined;
  const beside = cases.filter((one) => !isAlone(one));
  const idle = new Overlap(beside.filter(overlaps), run, idleCores?.beside ?? 0);
  const others = drainByKind(
    beside.filter((one) => !overlaps(one)),
    run,
    concurrency,
  );
  await Promise.all([idle.run(), others.then(() => idle.widen(idleCores?.after ?? 0))]);
  await new BeginWhenFits(cases.filter(isAlone), run, wantsOtherParts).run();
}

/** Those that lease nothing, and those of each leased fixture, side by side. */
async function drainByKind(
  cases: readonly CaseDefinition[],
  run: (one: CaseDefinition) => Promise<void>,
  { free, leased }: Concurrency,
): Promise<void> {
  const lanesOf = (fixture: LeasedFixture<unknown> | undefined) =>
    (fixture === undefined ? { busy: free, idle: 0 } : leased.get(fixture)) ?? { busy: 1, idle: 0 };
  await Promise.all([...Map.groupBy(cases, leasedBy)].map(([fixture, of]) => drain(of, run, lanesOf(fixture))));
}

class EngineState {
  private stopReason: string | undefined;
  private readonly options: EngineOptions;
  private readonly deliver: (result: CaseResult) => void;

  constructor(options: EngineOptions, deliver: (result: CaseResult) => void) {
    this.options = options;
    this.deliver = deliver;
  }

  async settleOne(one: CaseDefinition): Promise<void> {
    const started = performance.now();
    const { unexplained, explained, ...verdict } = await this.verdict(one);
    const { note, reason } = this.options.classify(one.id, { ...verdict, explained, unexplained });
    const ms = performance.now() - started;
    const result: CaseResult = {
      ...eventKey(one),
      ...verdict,
      baseline: note,
      ms,
      reason: joinReasons(verdict.reason, reason),
    };
    if (this.options.failFast && verdict.outcome === 'failed' && note !== 'known-failure') {
      this.stopReason ??= `not run: --fail-fast stopped the run after ${one.id} failed`;
    }
    this.options.emit({ type: 'case.finished', ...result });
    this.deliver(result);
  }

  private async verdict(one: CaseDefinition): Promise<CaseVerdict> {
    const stopped = this.options.signal.aborted ? 'not run: the run was interrupted' : this.stopReason;
    if (stopped !== undefined) return { outcome: 'skipped', reason: stopped };
    const gap = notToRun(one, this.options);
    if (gap !== undefined) return gap;
    this.options.emit({ type: 'case.started', ...eventKey(one) });
    return executeCase(one, this.options);
  }
}

/** Returns what tells a case from all others of its run. */
export function caseKey({ id, variant }: Pick<CaseDefinition, 'id' | 'variant'>): string {
  return variant === undefined ? id : `${id} [${variant}]`;
}

const eventKey = ({ id, variant }: CaseDefinition) => (variant === undefined ? { id } : { id, variant });

function joinReasons(...parts: (string | undefined)[]): string | undefined {
  const said = parts.filter((part) => part !== undefined && part !== '');
  return said.length === 0 ? undefined : said.join(' | ');
}

function planned(one: CaseDefinition): Parameters<Emit>[0] {
  const { title, area, tier, source } = one;
  const needs = one.needs.map((need) => need.feature);
  return {
    type: 'case.planned',
    ...eventKey(one),
    title,
    area,
    tier,
    tags: [...one.tags],
    needs,
    ...(source === undefined ? {} : { source }),
  };
}
