/** The 97.5 % point of the normal distribution: intervals at 95 % confidence. */
const z = 1.96;

/** Returns the share of `k` among `n`, 0 to 1, with its 95 % interval. Source: Wilson (1927), the score interval. */
export function proportion(
  k: number,
  n: number,
): { readonly value: number; readonly low: number; readonly high: number } {
  if (n === 0) return { value: Number.NaN, low: 0, high: 1 };
  const value = k / n;
  const scale = 1 + z ** 2 / n;
  const middle = (value + z ** 2 / (2 * n)) / scale;
  const spread = (z / scale) * Math.sqrt((value * (1 - value)) / n + z ** 2 / (4 * n ** 2));
  return { value, low: Math.max(0, middle - spread), high: Math.min(1, middle + spread) };
}
