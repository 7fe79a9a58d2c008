import { expect } from 'chai';
import { InconclusiveError } from '../base/errors.ts';
import { shortList } from './assertions.ts';
import { type Held, judgeHold } from './hold.ts';

/**
 * `of` says what was held, in a word for counts: `path(s)`.
 * @throws AssertionError naming what relapsed twice; InconclusiveError where agents mostly did not reach themselves.
 */
export function requireHeld(what: string, of: string, held: Held): void {
  const verdict = judgeHold(held);
  if (verdict.outcome === 'relapsed') expect.fail(`${what}, but not for long: ${shortList(verdict.cells, of)}`);
  if (verdict.outcome === 'starved') throw starved(verdict.cells, of);
}

/** What was asked of agents that did not reach even themselves says nothing of the network. */
export function starved(cells: readonly string[], of: string): InconclusiveError {
  return new InconclusiveError(`agents did not reach their own loopback, or not in time: ${shortList(cells, of)}`, {
    remedy: 'The machine is too busy for this measurement; run it with less beside it.',
  });
}
