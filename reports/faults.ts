import type { FaultEvent } from '../harness/events/record.ts';

/** Returns one line: `fault partition injected at 2026-11-21T12:00:00.000Z: nft table added`. */
export function faultLine({ at, driver, phase, detail }: FaultEvent): string {
  return `fault ${driver} ${phase} at ${at}: ${detail}`;
}
