import { OrdealError } from '../base/errors.ts';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
/** A fault nobody waits for the end of is not one that should be injected. */
const mostMs = unitMs.h;

/** Returns the milliseconds of `500ms`, `60s`, `2m`, `1h`. @throws OrdealError USAGE for other text, none, or above an hour. */
export function parseDuration(text: string | undefined, flag: string): number {
  if (text === undefined) {
    throw new OrdealError('USAGE', `${flag} is missing: no fault is injected without an end, such as ${flag} 60s`);
  }
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Math.round(Number(digits) * (unit in unitMs ? unitMs[unit as keyof typeof unitMs] : Number.NaN));
  if (Number.isNaN(ms) || ms <= 0) throw new OrdealError('USAGE', `${flag} ${text}: write 500ms, 60s, 2m`);
  if (ms > mostMs) throw new OrdealError('USAGE', `${flag} ${text}: at most 1h`);
  return ms;
}
