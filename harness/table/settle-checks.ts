import { expect } from 'chai';
import type { TableRow } from '../events/case-table.ts';
import type { CheckContext, SettleOptions } from './check-context.ts';
import { type Check, difference, disagreement, expectAsWanted, observe, type Seen, type Want } from './checks.ts';
import { type Heard, serviceRouting, type SilenceWatch, waitWhileWorth } from './outages.ts';
import { measuredText, placeOfSeen, resultOfCheck } from './seen-row.ts';

/**
 * Settles until all checks agree, then measures once more and asserts, so that a passing transient is caught. One
 * relapse is settled again, and counted, because a starved machine must not look like a broken network. Attaches the
 * last measurement, whatever came of it, and returns the confirming one.
 */
export async function settleAndExpect(ctx: CheckContext, what: string, checks: readonly Check[]): Promise<Seen[]> {
  let seen: readonly Seen[] = [];
  const look = async () => (seen = await observe(checks));
  const agree = (options: SettleOptions, watch?: SilenceWatch) =>
    settleTwice(
      ctx,
      what,
      async () => {
        await look();
        watch?.take(seen.filter(wantsAnswer), isAnswered);
        return disagreement(seen);
      },
      options,
    );
  const { settleMs: wholeMs, knownSilenceMs: knownMs } = ctx.timeouts;
  try {
    if (!ctx.caseId.startsWith('services-')) await agree({});
    else {
      const patience = { wholeMs, silentMs: wholeMs, knownMs };
      await waitWhileWorth(ctx, serviceRouting, patience, (watch, options) => agree(options, watch));
    }
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
  options: SettleOptions = {},
): Promise<void> {
  await ctx.settle(what, sample, options);
  if ((await sample()) === undefined) return;
  ctx.measure('settle_relapses', 1, 'count', { what });
  await ctx.settle(`${what}, again`, sample, options);
  const relapse = await sample();
  if (relapse !== undefined)
    expect.fail(`${what}, but not for long: settled twice, and each time the next look differed: ${relapse}`);
}

const wantsAnswer = ({ check }: Seen) => check.want.verdicts.includes('open');
const isAnswered = ({ result }: Heard) => result.verdict === 'open';

/** Returns what was seen of a check as a row of a table. */
export function rowOf(seen: Seen): TableRow {
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
