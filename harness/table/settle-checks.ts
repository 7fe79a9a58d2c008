import { expect } from 'chai';
import type { TableRow } from '../events/case-table.ts';
import type { CheckContext } from './check-context.ts';
import { type Check, difference, disagreement, expectAsWanted, observe, type Seen, type Want } from './checks.ts';
import { measuredText, placeOfSeen, resultOfCheck } from './seen-row.ts';

/**
 * Settles until all checks agree, then measures once more and asserts, so that a passing transient is caught. One
 * relapse is settled again, and counted, because a starved machine must not look like a broken network. Attaches the
 * last measurement, whatever came of it, and returns the confirming one.
 */
export async function settleAndExpect(ctx: CheckContext, what: string, checks: readonly Check[]): Promise<Seen[]> {
  let seen: readonly Seen[] = [];
  const look = async () => (seen = await observe(checks));
  try {
    await settleTwice(ctx, what, async () => disagreement(await look()));
    expectAsWanted(seen);
  } finally {
    ctx.table(what, seen.map(rowOf));
  }
  return [...seen];
}

/**
 * Settles on `sample` and takes it once more; when that disagrees, both once again: a starved machine may relapse once.
 * @throws AssertionError with what the sample after the second settling disagreed on.
 */
export async function settleTwice(
  ctx: Pick<CheckContext, 'settle' | 'measure'>,
  what: string,
  sample: () => Promise<string | undefined>,
  options: { timeoutMs?: number } = {},
): Promise<void> {
  await ctx.settle(what, sample, options);
  if ((await sample()) === undefined) return;
  ctx.measure('settle_relapses', 1, 'count', { what });
  await ctx.settle(`${what}, again`, sample, options);
  const relapse = await sample();
  if (relapse !== undefined)
    expect.fail(`${what}, but not for long: settled twice, and each time the next look differed: ${relapse}`);
}

function rowOf(seen: Seen): TableRow {
  const { check, result } = seen;
  return {
    ...placeOfSeen(seen),
    expected: wanted(check.want),
    measured: measuredText(result),
    ...resultOfCheck(result, difference(check.want, result)),
  };
}

function wanted({ verdicts, responders, peers }: Want): string {
  const by = responders === undefined ? '' : ` by ${responders.join(' or ')}`;
  const peer = peers === undefined ? '' : `, which sees ${peers.join(' or ')}`;
  return `${verdicts.join(' or ')}${by}${peer}`;
}
