/**
 * Returns p-values corrected for being many (Holm 1979), in the order given: that a difference is claimed where there is
 * none happens in all tests together no more often than in a single one.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  const corrected = ps.map(() => 1);
  let floor = 0;
  order.forEach(({ p, index }, rank) => {
    floor = Math.min(1, Math.max(floor, p * (ps.length - rank)));
    corrected[index] = floor;
  });
  return corrected;
}
