import { nearestRank } from '../measure/statistics.ts';
import type { ProbeResult } from '../probe/types.ts';

/** An answer of a path, and that of the own loopback in the same look. */
interface Answer {
  readonly answerMs: number;
  readonly ownMs: number;
}

/** One direction that is held: who asks whom, over which transport; `key` names it. */
export interface DelayedPath {
  readonly key: string;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}

interface CalmPath extends DelayedPath {
  readonly looks: number;
  /** What the quicker quarter of its answers take at most, beyond the own loopback; and the median. */
  readonly quickMs: number;
  readonly extraMs: number;
}

/** What paths of one transport took beyond the own loopback: the median path, the slowest, and from where one is slow. */
export interface DelayGroup {
  readonly kind: string;
  readonly limitMs: number;
  readonly medianMs: number;
  readonly slowestMs: number;
}

const busyFactor = 3;

/** A path delays every packet, so its quickest answers are late too; a server that has to wait for a core answers some at once. */
const quicker = 0.25;
/** Where only most answers are late, they must be so by this many times the limit. */
const medianFactor = 4;

/** On a busy machine a path is to blame only by so many times the limit. */
const busyMargin = 2;

/** Fewer looks in which the agent's own loopback was quick say nothing of how long a path takes. */
const fewestCalmLooks = 10;

/** How long each answer of each path took. */
export class PathDelays {
  private readonly paths = new Map<string, { readonly path: DelayedPath; readonly answers: Answer[] }>();

  note(path: DelayedPath, answer: ProbeResult, own: ProbeResult): void {
    const known = this.paths.get(path.key) ?? { path, answers: [] };
    known.answers.push({ answerMs: answer.elapsedUs / 1000, ownMs: own.elapsedUs / 1000 });
    this.paths.set(path.key, known);
  }

  /**
   * Judges looks in which the agent itself was quick, or a busy machine would pass for a slow path. The quicker quarter
   * of all paths of a transport tells what servers here take: a path is slow where three quarters of its answers take
   * `slowMs` and three times that, or half of them four times as long. Returns the slow paths, of these the ones
   * `toBlame` on a busy machine as well, and lines on `blind` ones that had too few such looks; and what part of all looks was
   * such.
   */
  judge(slowMs: number): JudgedDelays {
    const calm = [...this.paths.values()].map(({ path, answers }) => calmPath(path, answers, slowMs));
    const judged = [...Map.groupBy(calm, ({ kind }) => kind)].map(([kind, paths]) => judgeGroup(kind, paths, slowMs));
    const blind = calm.filter(({ looks }) => looks < fewestCalmLooks).map(({ key, looks }) => `${key}: ${looks} looks`);
    const all = [...this.paths.values()].reduce((sum, { answers }) => sum + answers.length, 0);
    const calmShare = all === 0 ? 0 : calm.reduce((sum, { looks }) => sum + looks, 0) / all;
    const [slow, toBlame] = [judged.flatMap((one) => one.slow), judged.flatMap((one) => one.toBlame)];
    return { groups: judged.map(({ group }) => group), slow, toBlame, blind, calmShare };
  }
}

export interface SlowPath {
  readonly key: string;
  /** The path with its figures. */
  readonly line: string;
}

export interface JudgedDelays {
  readonly groups: readonly DelayGroup[];
  readonly slow: readonly SlowPath[];
  readonly toBlame: readonly SlowPath[];
  readonly blind: readonly string[];
  readonly calmShare: number;
}

function calmPath(path: DelayedPath, answers: readonly Answer[], slowMs: number): CalmPath {
  const extra = answers.filter(({ ownMs }) => ownMs <= slowMs / 2).map(({ answerMs, ownMs }) => answerMs - ownMs);
  const [quickMs, extraMs] = [nearestRank(extra, quicker) ?? 0, nearestRank(extra, 0.5) ?? 0];
  return { ...path, looks: extra.length, quickMs, extraMs };
}

interface JudgedGroup {
  readonly group: DelayGroup;
  readonly slow: readonly SlowPath[];
  readonly toBlame: readonly SlowPath[];
}

function judgeGroup(kind: string, paths: readonly CalmPath[], slowMs: number): JudgedGroup {
  const delays = paths.map(({ extraMs }) => extraMs);
  const limitMs = slowMs + busyFactor * Math.max(0, nearestRank(delays, 0.25) ?? 0);
  const late = ({ key, quickMs, extraMs }: CalmPath): SlowPath => {
    const figures = `three of four answers by ${quickMs.toFixed(1)} ms or more, median ${extraMs.toFixed(1)} ms`;
    return { key, line: `${key}: slow, later than own loopback: ${figures} (limit ${limitMs.toFixed(1)} ms)` };
  };
  const isLate = ({ quickMs, extraMs }: CalmPath) => quickMs > limitMs || extraMs > medianFactor * limitMs;
  const slow = paths.filter((path) => path.looks >= fewestCalmLooks && isLate(path));
  return {
    group: { kind, limitMs, medianMs: nearestRank(delays, 0.5) ?? 0, slowestMs: Math.max(...delays) },
    slow: slow.map(late),
    toBlame: slow.filter((path) => isToBlame(path, paths, limitMs)).map(late),
  };
}

/** Both its ends are quick elsewhere, so neither was starved: who asks it has others answer, who answers it others ask. */
function isToBlame(path: CalmPath, all: readonly CalmPath[], limitMs: number): boolean {
  const quick = all.filter((one) => one.looks >= fewestCalmLooks && one.extraMs <= limitMs);
  const ends = quick.some(({ from }) => from === path.from) && quick.some(({ to }) => to === path.to);
  return ends && path.quickMs > busyMargin * limitMs;
}
