import type { Command } from 'commander';
import { z } from 'zod';
import { suitesRoot } from '../base/paths.ts';
import { OrdealError } from '../base/errors.ts';
import { areasIn } from '../case/areas.ts';
import { selectCases, tiers } from '../case/select.ts';
import type { CaseDefinition } from '../case/types.ts';
import { collect } from './flags.ts';

const Shard = z
  .string()
  .regex(/^[1-9]\d{0,2}\/[1-9]\d{0,2}$/, 'I/N is expected, such as 1/4')
  .transform((text) => {
    const [index = 1, of = 1] = text.split('/').map(Number);
    return { index, of };
  })
  .refine(({ index, of }) => index <= of, 'I of I/N is 1 to N');

/** Which cases, as flags say it. What one flag names is taken together; a case must fit every flag. */
export const selectors = {
  include: z.array(z.string()).default([]),
  exclude: z.array(z.string()).default([]),
  area: z.array(z.enum(areasIn(suitesRoot))).default([]),
  tier: z.array(z.enum(tiers)).default([]),
  all: z.boolean().default(false),
  lastFailed: z.union([z.boolean(), z.string()]).default(false),
  shard: Shard.optional(),
};
export type Selection = z.infer<z.ZodObject<typeof selectors>>;

/** Adds the flags that choose cases. */
export function withSelectors(command: Command): Command {
  return command
    .option('--include <pattern>', 'id glob, area, tier or tag:NAME; may repeat', collect, [])
    .option('--exclude <pattern>', 'the same, left out', collect, [])
    .option('--area <area>', `only of ${areasIn(suitesRoot).join(', ')}; may repeat`, collect, [])
    .option('--tier <tier>', `only of ${tiers.join(', ')}; may repeat`, collect, [])
    .option('--all', 'also the extended tier, which a run without --include, --area or --tier leaves out')
    .option('--last-failed [run]', 'only cases that did not pass in that run, by default the newest in ordeal-results')
    .option('--shard <i/n>', 'the i-th of n parts, for n machines');
}

/** Whether the flags name cases: then nothing is left out by default. */
export function choosesCases({ include, area, tier }: Selection): boolean {
  return include.length + area.length + tier.length > 0;
}

/**
 * Returns the cases that fit every flag but --shard, in their order. `failed` are the ids that --last-failed means.
 * @throws OrdealError USAGE for a pattern that matches no case at all.
 */
export function selected(
  all: readonly CaseDefinition[],
  selection: Selection,
  failed?: readonly string[],
): CaseDefinition[] {
  const { include, exclude, area, tier } = selection;
  const fitting = new Set(selectCases(all, include, exclude));
  return all.filter(
    (one) =>
      fitting.has(one) &&
      (area.length === 0 || area.includes(one.area)) &&
      (tier.length === 0 || tier.includes(one.tier)) &&
      (failed === undefined || failed.includes(one.id)),
  );
}

/** Returns the cases of one shard. Neighbours, which are alike in what they take, are dealt out in turn. */
export function shardOf(cases: readonly CaseDefinition[], shard: Selection['shard']): CaseDefinition[] {
  if (shard === undefined) return [...cases];
  return cases.filter((_, index) => index % shard.of === shard.index - 1);
}

/** Returns the ids that --last-failed means; undefined where it was not given. @throws OrdealError USAGE where there are none. */
export async function failedBefore({ lastFailed }: Pick<Selection, 'lastFailed'>): Promise<string[] | undefined> {
  if (lastFailed === false) return undefined;
  const { failedIn, newestRun } = await import('./past-runs.ts');
  const folder = lastFailed === true ? await newestRun() : lastFailed;
  const ids = await failedIn(folder);
  if (ids.length > 0) return ids;
  throw new OrdealError('USAGE', `--last-failed: every case of ${folder} passed`, {
    remedy: 'Name another run: --last-failed RUN.',
  });
}
