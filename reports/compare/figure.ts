type Step = readonly [from: number, suffix: string];

const thousands: readonly Step[] = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [0, ''],
];
const times: readonly Step[] = [
  [1, 's'],
  [1e-3, 'ms'],
  [0, 'µs'],
];
const timesOne = { s: 1, ms: 1e-3, µs: 1e-6 } as const;
const seconds: Readonly<Record<string, number>> = { ms: 1e-3, us: 1e-6 };
const suffixes: Readonly<Record<string, string>> = {
  per_second: '/s',
  bits_per_second: 'bit/s',
  bytes: 'B',
  percent: '%',
  cpu_seconds: 'CPU s',
};

/** Returns a value with three significant digits and its unit, fit to be compared: `1.23 ms`, `9.41 Gbit/s`. */
export function figure(value: number, unit: string): string {
  const scale = seconds[unit];
  if (scale !== undefined) return timeText(value * scale);
  const suffix = suffixes[unit];
  const [from, letter] = thousands.find(([least]) => Math.abs(value) >= least) ?? [0, ''];
  const said = digits(from === 0 ? value : value / from);
  return suffix === undefined && letter === '' ? said : `${said} ${letter}${suffix ?? ''}`;
}

function timeText(value: number): string {
  if (value === 0) return '0 ms';
  const [, suffix] = times.find(([least]) => Math.abs(value) >= least) ?? [0, 's'];
  const one = Object.entries(timesOne).find(([name]) => name === suffix)?.[1] ?? 1;
  return `${digits(value / one)} ${suffix}`;
}

/** Never `1.2e+3`: what has more than three digits before the point is told in whole numbers. */
function digits(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
