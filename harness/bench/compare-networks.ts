import { describeError, ExitCode, exitCodeOf } from '../base/errors.ts';
import type { Progress } from '../base/progress.ts';
import { clusterEvent } from '../cluster/cluster-event.ts';
import type { ProvidedCluster } from '../cluster/provider.ts';
import { type Bed, openBed } from './bed.ts';
import { clusterReady } from './cluster-ready.ts';
import type { BenchMetric } from './metric.ts';
import { type Handicap, handicapped, type HandicapFrame } from './handicap.ts';
import { type Pausing, pausingOf } from './pausing.ts';
import type { Turn } from './rounds.ts';
import { missed, visit, type VisitFrame } from './visit.ts';

/** A network to be compared. */
export interface Subject {
  readonly name: string;
  /** Its cluster was there before, and is to be left as it was found. */
  readonly given: boolean;
  /** What is done to it on purpose in every visit. */
  readonly handicap?: Handicap;
  provide(): Promise<ProvidedCluster>;
}

export interface ComparisonFrame extends VisitFrame, HandicapFrame {
  readonly progress: Progress;
  /** What turns of cost curves measure. */
  readonly curves: readonly BenchMetric[];
  /** Asked when a round is over: whether all is known as well as was wanted, so that no further one is needed. */
  readonly isEnough?: (roundsDone: number) => Promise<boolean>;
  /** An image of iperf3 that clusters can pull. */
  readonly iperfImage?: string;
}

interface Standing {
  readonly subject: Subject;
  readonly provided: ProvidedCluster;
  readonly bed: Bed;
  readonly pausing: Pausing;
}

/**
 * Brings up every network, measures them turn by turn while the others stand still, and takes everything away again. One
 * that does not come up, or does not come back from its pause, has the reason in the log; the others go on. Returns how many
 * came up. @throws OrdealError USAGE for a cluster that cannot be used, INTERRUPTED, CLUSTER for what could not be taken away.
 */
export async function compareNetworks(
  subjects: readonly Subject[],
  turns: readonly Turn[],
  frame: ComparisonFrame,
): Promise<number> {
  const standing = new Map<string, Standing>();
  try {
    for (const subject of subjects) {
      const up = await bringUp(subject, frame);
      if (up === undefined) continue;
      standing.set(subject.name, up);
      if (subjects.length > 1) await up.pausing.pause();
    }
    let enough = false;
    for (const [index, turn] of turns.entries()) {
      const begins = turn.round > 1 && turns[index - 1]?.round !== turn.round && turn.curves !== true;
      enough ||= begins && ((await frame.isEnough?.(turn.round - 1)) ?? false);
      const one = enough && turn.curves !== true ? undefined : standing.get(turn.subject);
      // Nobody else is measured between two turns in a row of one network.
      const stays = turns[index + 1]?.subject === turn.subject;
      if (one !== undefined) await take(one, turn, { ...frame, stays: stays || subjects.length === 1 });
    }
    return standing.size;
  } finally {
    await takeDown([...standing.values()], frame.progress);
  }
}

async function bringUp(subject: Subject, frame: ComparisonFrame): Promise<Standing | undefined> {
  const { emit, progress, runId, signal, timeouts } = frame;
  const key = { id: 'bench-cluster', variant: subject.name };
  const about = { title: 'the cluster comes up', area: 'bench', tags: [], needs: [] };
  emit({ type: 'case.planned', ...key, ...about, tier: 'core' });
  emit({ type: 'case.started', ...key });
  emit({ type: 'case.parameter', ...key, name: 'subject', value: subject.name });
  const began = performance.now();
  const end = (outcome: 'passed' | 'inconclusive', reason?: string) =>
    emit({ type: 'case.finished', ...key, outcome, reason, baseline: 'as-expected', ms: performance.now() - began });
  let provided: ProvidedCluster | undefined;
  try {
    const made = (provided = await subject.provide());
    if (!subject.given) {
      const { name: metric, unit } = clusterReady;
      emit({ type: 'case.measure', ...key, metric, unit, value: performance.now() - began, labels: {} });
    }
    emit(clusterEvent(made, { id: subject.name }));
    const pausing = pausingOf(made.cluster, timeouts, signal);
    const bed = await progress.step(`start the pods of ${subject.name}`, async (report) => {
      await pausing.resume();
      return openBed(made.cluster, {
        runId,
        timeouts,
        signal,
        report,
        hosts: made.cluster.info.provider === 'kind',
        iperfImage: frame.iperfImage,
      });
    });
    end('passed');
    return { subject, provided: made, bed, pausing };
  } catch (error) {
    end('inconclusive', describeError(error));
    progress.note(`${subject.name} is left out: ${describeError(error)}`);
    await provided?.destroy();
    signal.throwIfAborted();
    if (exitCodeOf(error) === ExitCode.usage) throw error;
    return undefined;
  }
}

async function take(
  { subject, bed, pausing }: Standing,
  turn: Turn,
  frame: ComparisonFrame & { readonly stays: boolean },
): Promise<void> {
  const metrics = turn.curves === true ? frame.curves : frame.metrics;
  const title = `${turn.curves === true ? 'curves, round' : 'round'} ${turn.round}: ${subject.name}`;
  await frame.progress.step(title, async () => {
    const measured = { begun: false };
    const measure = () => {
      measured.begun = true;
      return visit(bed, turn, { ...frame, metrics });
    };
    try {
      await pausing.resume();
      await handicapped(subject.handicap, bed, frame, measure);
    } catch (error) {
      frame.signal.throwIfAborted();
      // It is measured already; a handicap that stays would go on unseen.
      if (measured.begun) throw error;
      await missed(turn, error, { ...frame, metrics });
    }
  });
  if (!frame.stays) await pausing.pause();
}

/** All at once, and every one is tried, whatever becomes of the others. */
async function takeDown(standing: readonly Standing[], progress: Progress): Promise<void> {
  const ends = await Promise.allSettled(standing.map((one) => takeDownOne(one, progress)));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function takeDownOne({ subject, provided, bed, pausing }: Standing, progress: Progress): Promise<void> {
  await progress.step(`take down ${subject.name}`, async () => {
    await (subject.given ? pausing.resume() : pausing.release()).catch((error: unknown) => {
      progress.note(describeError(error));
    });
    // Pods go with a cluster that was made for them.
    if (subject.given) await bed.remove();
    bed.close();
    await provided.destroy();
  });
}
