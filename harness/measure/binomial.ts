/** Returns the natural logarithm of `n` over `k`, by a sum: exact enough for the counts of a run (below 10^6). */
function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= Math.min(k, n - k); i++) sum += Math.log(n - Math.min(k, n - k) + i) - Math.log(i);
  return sum;
}

/** Returns the probability of exactly `k` events in `n` independent trials of probability `p`. */
function binomialPoint(n: number, k: number, p: number): number {
  if (p <= 0) return k === 0 ? 1 : 0;
  if (p >= 1) return k === n ? 1 : 0;
  return Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

/**
 * Returns the probability, 0 to 1, of at least `k` events in `n` independent trials of probability `p` each: how surely
 * a rule "fails from k of n on" detects a defect of that rate, or how often it raises a false alarm.
 */
export function atLeast(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n) return 0;
  let below = 0;
  for (let i = 0; i < k; i++) below += binomialPoint(n, i, p);
  if (below < 0.5) return Math.min(1, Math.max(0, 1 - below));
  let above = 0;
  for (let i = k; i <= n; i++) {
    const point = binomialPoint(n, i, p);
    above += point;
    if (i > n * p && point < above * 1e-16) break;
  }
  return Math.min(1, above);
}

/**
 * Returns the fewest trials in which at least `k` events of probability `p` show with probability `power` or more.
 * @throws RangeError where no number of trials can: p or power out of range.
 */
export function leastTrials(k: number, p: number, power: number): number {
  if (!(p > 0 && p <= 1 && power > 0 && power < 1)) throw new RangeError(`no trials show p=${p} with power ${power}`);
  let [low, high] = [k, k];
  while (atLeast(k, high, p) < power) high *= 2;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (atLeast(k, middle, p) >= power) high = middle;
    else low = middle + 1;
  }
  return low;
}
