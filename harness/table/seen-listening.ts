import { describeEnd } from '../oracle/ends.ts';
import type { Cell } from '../oracle/types.ts';
import { mayBeClosedPort } from './fulfils.ts';
import type { ComparedCell } from './unresponsive-pods.ts';

/**
 * Returns whether a cell is free of this doubt: it is refused as a policy may refuse it, but nobody in the table, not even
 * the pod itself, found the port open. A closed port answers just so, and then nothing is known of the policy.
 */
export function seenListening(cells: readonly ComparedCell[]): (one: ComparedCell) => boolean {
  const shown = new Set(cells.filter(({ measured }) => measured === 'open').flatMap(({ cell }) => showsOf(cell)));
  return ({ cell, measured }) => !mayBeClosedPort(cell, measured) || wantsOf(cell).some((port) => shown.has(port));
}

function showsOf({ to, port, protocol }: Cell): string[] {
  return [`${describeEnd(to)} ${protocol} ${port}`, `${describeEnd(to)} ${protocol}`];
}

/** A Service may map the port, so any port of a pod behind it will do. */
function wantsOf({ to, reaches = [], port, protocol }: Cell): string[] {
  return [`${describeEnd(to)} ${protocol} ${port}`, ...reaches.map((pod) => `${pod} ${protocol}`)];
}
