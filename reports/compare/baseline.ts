import type { Figures } from './compare.ts';
import type { Pair } from './judge.ts';
import { type Comparison, type RoundValue, Series } from './model.ts';

const baselineName = (subject: string): string => `${subject} (baseline)`;

/** Returns the figures of a comparison that was written before, its subjects marked as baseline. */
export function baselineFigures({ subjects, metrics, leftOut }: Comparison): Figures {
  const mark = (value: RoundValue): RoundValue => ({ ...value, subject: baselineName(value.subject) });
  return {
    subjects: subjects.map((subject) => ({ ...subject, name: baselineName(subject.name) })),
    series: metrics.map((metric) => {
      const { values, ...about } = Series.strip().parse(metric);
      return { ...about, values: values.map(mark) };
    }),
    leftOut: leftOut.map((said) => `baseline: ${said}`),
  };
}

/** Returns both together; where other cases measured a metric it is not the same one, and stands on one side only. */
export function withBaseline(baseline: Figures, now: Figures): Figures {
  const before = new Map(baseline.series.map((series) => [series.id, series]));
  const ids = [...new Set([...before.keys(), ...now.series.map(({ id }) => id)])];
  const pairs = ids.map((id) => ({ before: before.get(id), after: now.series.find((series) => series.id === id) }));
  const alien = pairs.filter((pair) => !isSame(pair));
  const said = alien.map(({ after }) => `${after?.id ?? ''}: other cases measured it than in the baseline`);
  return {
    subjects: [...baseline.subjects, ...now.subjects],
    series: pairs.flatMap((pair) => merged(isSame(pair) ? pair : { before: undefined, after: pair.after })),
    leftOut: [...baseline.leftOut, ...now.leftOut, ...said],
  };
}

interface Counterparts {
  readonly before: Series | undefined;
  readonly after: Series | undefined;
}

function isSame({ before, after }: Counterparts): boolean {
  if (before === undefined || after === undefined) return true;
  return before.unit === after.unit && before.load === after.load && before.cases.join() === after.cases.join();
}

function merged({ before, after }: Counterparts): Series[] {
  const [first] = [after, before].filter((series) => series !== undefined);
  return first === undefined ? [] : [{ ...first, values: [...(before?.values ?? []), ...(after?.values ?? [])] }];
}

/** Returns each subject with its baseline: by name, or the only one on either side; those without one are left out. */
export function baselinePairs(baseline: Comparison, now: Figures): Pair[] {
  const [only, ...more] = baseline.subjects.map(({ name }) => name);
  const alone = more.length === 0 && now.subjects.length === 1 ? only : undefined;
  return now.subjects.flatMap(({ name }) => {
    const reference = baseline.subjects.some((subject) => subject.name === name) ? name : alone;
    return reference === undefined ? [] : [{ subject: name, reference: baselineName(reference) }];
  });
}
