import type { MetricDeclaration } from '../../harness/events/metric-declaration.ts';
import { bootstrapDifference } from '../../harness/measure/bootstrap.ts';
import { seededRandom } from '../../harness/measure/random.ts';
import { median } from '../../harness/measure/statistics.ts';
import { fewestForInterval, usualRule } from './judge.ts';
import type { Curve } from './told.ts';
import type { Sample } from './samples.ts';

/** Labels that make a metric a cost curve: what there was how much of. */
const curveLabels = ['dimension', 'level'] as const;
/** How far beyond the last level the line is drawn on. */
const beyond = 10;

/** Returns whether a metric is measured level by level, and so is told as a curve and not compared by itself. */
export function isCurveMetric({ by }: MetricDeclaration): boolean {
  return curveLabels.every((label) => by.includes(label));
}

/** Returns the curve of each metric and dimension, with what 100 more cost each subject and where that leads. */
export function curvesOf(samples: readonly Sample[]): Curve[] {
  const key = ({ metric, labels }: Sample) => `${metric.name}\n${labels['dimension'] ?? ''}`;
  return [...Map.groupBy(samples, key).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { name: metric, title, unit, better, load } = first.metric;
    const subjects = [...Map.groupBy(group, ({ subject }) => subject)].flatMap(([subject, own]) =>
      subjectCurve(subject, own),
    );
    return [{ metric, title, unit, better, load, dimension: first.labels['dimension'] ?? '', subjects }];
  });
}

interface Point {
  readonly level: number;
  readonly value: number;
}

function subjectCurve(subject: string, samples: readonly Sample[]): Curve['subjects'] {
  const rounds = [...Map.groupBy(samples, ({ round }) => round).values()].map(pointsOfRound);
  const levels = [...new Set(rounds.flat().map(({ level }) => level))].sort((a, b) => a - b);
  const points = levels.map((level) => {
    const values = rounds.flatMap((points) => points.filter((one) => one.level === level).map(({ value }) => value));
    return { level, median: median(values), values };
  });
  const lines = rounds.flatMap((points) => lineThrough(points) ?? []);
  if (lines.length === 0) return [];
  const far = Math.max(...levels) * beyond;
  const slopes = lines.map(({ slope }) => slope * 100);
  const projected = lines.map(({ slope, at0 }) => at0 + slope * far);
  const projection = { level: far, value: median(projected), interval: intervalOf(projected) };
  return [{ subject, points, slopePer100: median(slopes), interval: intervalOf(slopes), projection }];
}

/** A level that was measured more than once in a round counts by its median. */
function pointsOfRound(round: readonly Sample[]): Point[] {
  return [...Map.groupBy(round, ({ labels }) => labels['level'] ?? '')].map(([level, own]) => {
    const values = own.flatMap(({ logged }) => ('value' in logged ? [logged.value] : []));
    return { level: Number(level), value: median(values) };
  });
}

/** Returns the line of least squares; undefined of fewer than two levels. */
function lineThrough(points: readonly Point[]): { slope: number; at0: number } | undefined {
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [x, y] = [mean(points.map(({ level }) => level)), mean(points.map(({ value }) => value))];
  const spread = points.reduce((sum, { level }) => sum + (level - x) ** 2, 0);
  if (spread === 0) return undefined;
  const slope = points.reduce((sum, { level, value }) => sum + (level - x) * (value - y), 0) / spread;
  return { slope, at0: y - slope * x };
}

function intervalOf(values: readonly number[]) {
  if (values.length < fewestForInterval) return null;
  return bootstrapDifference([0], values, { ...usualRule, random: seededRandom(usualRule.seed) });
}
