import type { Sample } from '../probe/agent-types.ts';

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
