const decimal: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
};
const binary: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50 };

/** Returns the value of a Kubernetes quantity: `250m` is 0.25, `1Gi` 2^30; 0 for what is none. */
export function quantity(text: string | number): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?(?:e\d+)?)([numkMGTP]?|[KMGTP]i)$/v.exec(String(text)) ?? [];
  return Number(digits === '' ? 0 : digits) * (binary[unit] ?? decimal[unit] ?? 0);
}
