import type { Sample } from '../../harness/probe/types.ts';

/** True when a user would have noticed: no answer, or an answer that is an error. */
export function failed(sample: Sample): boolean {
  return sample.verdict !== 'open' || sample.error !== undefined;
}

/** Returns `refused: ECONNREFUSED x3, dropped x1`, most frequent first; empty without failures. */
export function errorClasses(samples: readonly Sample[]): string {
  const groups = Map.groupBy(samples.filter(failed), classOf);
  const counted = [...groups].map(([name, members]) => ({ name, count: members.length }));
  return counted
    .sort((a, b) => b.count - a.count)
    .map(({ name, count }) => `${name} x${count}`)
    .join(', ');
}

function classOf({ verdict, error }: Sample): string {
  return error === undefined ? verdict : `${verdict}: ${error}`;
}

/** Returns who answered, each with the time of its first and last answer in milliseconds of the schedule. */
export function answerSpans(
  samples: readonly Sample[],
): Map<string, { firstMs: number; lastMs: number; count: number }> {
  const spans = new Map<string, { firstMs: number; lastMs: number; count: number }>();
  for (const { responder, atMs } of samples) {
    if (responder === undefined) continue;
    const known = spans.get(responder);
    spans.set(responder, { firstMs: known?.firstMs ?? atMs, lastMs: atMs, count: (known?.count ?? 0) + 1 });
  }
  return spans;
}
