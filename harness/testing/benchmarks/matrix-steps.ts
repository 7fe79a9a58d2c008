import { everyNth } from '../../base/every-nth.ts';
import { OverlappingSamples } from '../../table/overlapping-samples.ts';
import { settle } from '../../base/settle.ts';
import { consecutiveToSettle, Timeouts } from '../../base/timeouts.ts';
import type { ExpectedTable, Matrix, MatrixSource, MatrixTarget } from '../../table/matrix.ts';
import { describeDifference, diffMatrix, lookAtMatrix } from './matrix-difference.ts';
import type { Bed, Switch } from './matrix-beds.ts';

const steps = 6;
const fewSources = 3;
const fewTargets = 3;

/** What is asked of a bed until it is as wanted; each resolves with undefined, or with what differs. */
export interface Wanted {
  /** A few cells that must change, asked until they have. */
  readonly few: () => Promise<string | undefined>;
  readonly whole: () => Promise<string | undefined>;
}

/**
 * Takes steps as a NetworkPolicy case does: the policy comes, or goes, a few cells are asked until they changed, then the
 * whole table twice. Returns what each step took in ms, from before the change to the second agreement.
 */
export async function timeSteps(
  policy: Switch,
  { dropped, open }: { readonly dropped: Wanted; readonly open: Wanted },
): Promise<number[]> {
  const { settleMs: timeoutMs, settlePollMs: pollMs } = Timeouts.parse({});
  const times: number[] = [];
  for (let step = 0; step < steps; step++) {
    const closing = step % 2 === 0;
    const begun = performance.now();
    await (closing ? policy.apply() : policy.remove());
    const what = `NetworkPolicy only-80 ${closing ? 'drops' : 'no longer drops'} port 81`;
    const sample = samplerOf(closing ? dropped : open);
    await settle({ what, sample, consecutive: consecutiveToSettle, timeoutMs, pollMs });
    times.push(performance.now() - begun);
  }
  return times;
}

function samplerOf({ few, whole }: Wanted): () => Promise<string | undefined> {
  let changed = false;
  const looks = new OverlappingSamples(whole, whole);
  return async () => {
    const early = changed ? undefined : await few();
    if (early !== undefined) return early;
    const gap = await looks.next();
    changed = gap === undefined;
    if (!changed) void looks.forget();
    return gap;
  };
}

/**
 * Returns how a bed is asked whether it does as expected; `isClosed`: the pods whose port 81 the policy is about.
 */
export function wantedOf(
  bed: Bed,
  expected: ExpectedTable,
  timeoutMs: number,
  isClosed?: (key: string) => boolean,
): Wanted {
  const { sources, targets } = bed;
  const ask = (from: readonly MatrixSource[], to: readonly MatrixTarget[]) =>
    lookAtMatrix(from, to, { timeoutMs, ours: true });
  const differs = (wanted: ExpectedTable, table: Matrix) => diffMatrix(wanted, table).map(describeDifference)[0];
  const closing = targets.filter(({ port, key }) => port === 81 && isClosed?.(key) !== false);
  return {
    few: async () => {
      const table = await ask(everyNth(sources, fewSources), everyNth(closing, fewTargets));
      return differs(new Map([...expected].filter(([key]) => table.cells.has(key))), table);
    },
    whole: async () => differs(expected, await ask(sources, targets)),
  };
}
