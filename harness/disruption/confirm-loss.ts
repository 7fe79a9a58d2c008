import type { LossVerdict } from '../measure/loss-rule.ts';

/** Measurements at most: two that agree, and one more where the machine was too busy to tell. */
const mostMeasured = 3;
/** A path fails when so many measurements call it lossy: what loses at a rate does so again. */
const lossyThatFails = 2;

export interface Judged<P, M> {
  readonly path: P;
  readonly measured: M;
  readonly verdict: LossVerdict;
}

/** Of every path the measurement that decided, and what was seen of those that were measured again, oldest first. */
export interface ConfirmedLoss<P, M> {
  readonly judged: readonly Judged<P, M>[];
  readonly again: readonly Judged<P, M>[];
}

/**
 * Measures paths, and those that are not sound once or twice more: `lossy` is what loses too much in two measurements,
 * `sound` what does not in one, `starved` what never gave a verdict. A machine that is held for seconds loses as a path
 * does, but not again.
 * @throws what `measure` throws.
 */
export async function confirmLoss<P, M>(
  paths: readonly P[],
  measure: (paths: readonly P[]) => Promise<readonly M[]>,
  judge: (measured: M) => LossVerdict,
): Promise<ConfirmedLoss<P, M>> {
  const last = new Map<P, Judged<P, M>>();
  const again: Judged<P, M>[] = [];
  const timesLossy = new Map<P, number>();
  let pending = paths;
  for (let round = 0; round < mostMeasured && pending.length > 0; round++) {
    for (const path of pending) again.push(...[last.get(path)].filter((one) => one !== undefined));
    for (const [index, measured] of (await measure(pending)).entries()) {
      const path = pending[index];
      if (path === undefined) continue;
      const verdict = judge(measured);
      if (verdict === 'lossy') timesLossy.set(path, (timesLossy.get(path) ?? 0) + 1);
      last.set(path, { path, measured, verdict });
    }
    pending = pending.filter((path) => isOpen(last.get(path), timesLossy.get(path)));
  }
  const judged = [...last.values()].map((one) => decided(one, timesLossy.get(one.path)));
  return { judged, again };
}

function isOpen(seen: { readonly verdict: LossVerdict } | undefined, lossy = 0): boolean {
  return seen?.verdict !== 'sound' && lossy < lossyThatFails;
}

/** Lossy once and never judged again is no verdict. */
function decided<P, M>(one: Judged<P, M>, lossy = 0): Judged<P, M> {
  if (one.verdict === 'sound') return one;
  return { ...one, verdict: lossy >= lossyThatFails ? 'lossy' : 'starved' };
}
