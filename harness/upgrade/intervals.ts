/** A stretch of time on the harness's clock, in milliseconds since the epoch; `toMs` is not part of it. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

export function overlaps(a: Interval, b: Interval): boolean {
  return a.fromMs < b.toMs && b.fromMs < a.toMs;
}
