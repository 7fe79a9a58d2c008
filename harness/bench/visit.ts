import { describeError, isUnsettled } from '../base/errors.ts';
import type { Timeouts } from '../base/timeouts.ts';
import type { Emit, Outcome } from '../events/types.ts';
import type { Bed } from './bed.ts';
import type { BenchMetric, Reading } from './metric.ts';
import type { Profile } from './profile.ts';
import type { Turn } from './rounds.ts';
import { VisitContext } from './visit-context.ts';

/** What visits of all subjects have in common. */
export interface VisitFrame {
  readonly metrics: readonly BenchMetric[];
  readonly profile: Profile;
  readonly emit: Emit;
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal;
}

interface End {
  readonly outcome: Outcome;
  readonly reason?: string;
}

/** Id of the case that stands for a metric in the log. */
const caseIdOf = ({ name }: BenchMetric): string => name.replaceAll(/[._]/g, '-');

/**
 * Measures every metric once, one after another, each a case of its own: one that breaks leaves its reason in the log, and
 * the others go on. @throws what ended the run: an interrupt.
 */
export async function visit(bed: Bed, turn: Turn, frame: VisitFrame): Promise<void> {
  for (const metric of metricsOf(frame)) {
    await asCase(metric, turn, frame, (ctx) => measured(bed, metric, frame, ctx));
    frame.signal.throwIfAborted();
  }
}

/** Says of every metric of a visit that could not be made why there is no figure: nothing is silently averaged. */
export async function missed(turn: Turn, error: unknown, frame: VisitFrame): Promise<void> {
  const end: End = { outcome: 'inconclusive', reason: describeError(error) };
  for (const metric of metricsOf(frame)) await asCase(metric, turn, frame, () => Promise.resolve(end));
}

function metricsOf({ metrics, profile }: VisitFrame): readonly BenchMetric[] {
  return metrics.filter(({ fullOnly }) => fullOnly !== true || profile.name === 'full');
}

async function measured(bed: Bed, metric: BenchMetric, { profile, emit }: VisitFrame, ctx: VisitContext): Promise<End> {
  const lacking = lacks(bed, metric);
  if (lacking !== undefined) return { outcome: 'unsupported', reason: lacking };
  for (const reading of await metric.measure(bed, profile, ctx)) emit(eventOf(ctx.key, metric, reading));
  return { outcome: 'passed' };
}

/** What was not looked for is taken from what the network claims: one that does not keep its word fails in the open. */
function lacks({ cluster }: Bed, { needs }: BenchMetric): string | undefined {
  if (needs === undefined) return undefined;
  const { observed = 'undetermined', declared, evidence = 'nobody looked' } = cluster.info.features.get(needs) ?? {};
  if (observed === true || (observed === 'undetermined' && declared === true)) return undefined;
  const why = observed === 'undetermined' && declared === false ? 'the network declares that it has none' : evidence;
  return `needs ${needs}: ${why}`;
}

/** @throws TypeError for a reading of what the metric does not declare. */
function eventOf(key: VisitContext['key'], metric: BenchMetric, reading: Reading): Parameters<Emit>[0] {
  const { of = metric.name, labels } = reading;
  const declared = [metric, ...(metric.also ?? [])].find(({ name }) => name === of);
  if (declared === undefined) throw new TypeError(`${metric.name} declares no ${of}`);
  const told = { ...key, metric: of, labels: { ...labels } };
  if ('value' in reading) return { type: 'case.measure', ...told, unit: declared.unit, value: reading.value };
  return { type: 'case.histogram', ...told, unit: 'us', encoded: reading.histogram.encode() };
}

async function asCase(
  metric: BenchMetric,
  { subject, round }: Turn,
  { emit, profile, timeouts, signal }: VisitFrame,
  work: (ctx: VisitContext) => Promise<End>,
): Promise<void> {
  const id = caseIdOf(metric);
  const variant = `${subject}, round ${round}`;
  const key = { id, variant };
  const about = { title: `${metric.title}: ${metric.load}`, area: 'bench', tags: [profile.name], needs: [] };
  emit({ type: 'case.planned', ...key, ...about, tier: 'core' });
  emit({ type: 'case.started', ...key });
  const ctx = new VisitContext(id, variant, { emit, timeouts, signal });
  ctx.parameter('subject', subject);
  ctx.parameter('round', String(round));
  const began = performance.now();
  const end = await ended(ctx, work);
  emit({ type: 'case.finished', ...key, ...end, baseline: 'as-expected', ms: performance.now() - began });
}

async function ended(ctx: VisitContext, work: (ctx: VisitContext) => Promise<End>): Promise<End> {
  const worked = await work(ctx).catch(failed);
  const closed = await ctx.close().then(() => undefined, failed);
  return closed === undefined || worked.outcome === 'inconclusive' ? worked : closed;
}

/** A change that the network does not obey in time is its failure; all else says nothing of it. */
function failed(error: unknown): End {
  return { outcome: isUnsettled(error) ? 'failed' : 'inconclusive', reason: describeError(error) };
}
