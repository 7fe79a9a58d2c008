import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import { PathClass } from '../events/upgrade-events.ts';
import { Rhythm } from './rhythm.ts';

const whole = z.number().nonnegative();

/** What one path may lose in an upgrade that still counts as done with downtime, not as unsafe. */
export const Budget = z.strictObject({
  longestMs: whole.describe('the longest window'),
  sumMs: whole.describe('all windows together'),
  failed: whole.describe('attempts that failed'),
  leakMs: whole.describe('all windows together in which a forbidden path was open'),
});
export type Budget = z.infer<typeof Budget>;

/** A pod or Service that is away for seconds is noticed; one second is what a client retries over. */
export const defaultBudget: Budget = { longestMs: 1_000, sumMs: 5_000, failed: 30, leakMs: 0 };

/** One control plane node cannot be upgraded without its API server going away; traffic does not depend on it. */
export const defaultBudgets: Partial<Record<PathClass, Budget>> = {
  'api-server': { longestMs: 120_000, sumMs: 300_000, failed: 1_200, leakMs: 0 },
};

/** The file of `--budget`: everything is optional. */
export const BudgetFile = z.strictObject({
  all: Budget.partial().prefault({}).describe('for every path'),
  paths: z.partialRecord(PathClass, Budget.partial()).default({}).describe('for paths of one class'),
  rhythm: Rhythm.prefault({}).describe('how often each kind of path is tried'),
  lostShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('a path of which more attempts than this were lost or starved is not judged'),
});
export type BudgetFile = z.infer<typeof BudgetFile>;

/** Returns the budget of a class of paths: the defaults, with what the file says laid over. */
export function budgetOf(file: BudgetFile, pathClass: PathClass): Budget {
  return { ...defaultBudget, ...defaultBudgets[pathClass], ...file.all, ...file.paths[pathClass] };
}

/** Returns every class's budget, for the log. */
export function allBudgets(file: BudgetFile): Record<string, Budget> {
  return Object.fromEntries(PathClass.options.map((pathClass) => [pathClass, budgetOf(file, pathClass)]));
}

/** Returns the file's budgets, or the defaults. @throws OrdealError USAGE naming file and field. */
export async function readBudgets(file: string | undefined): Promise<BudgetFile> {
  if (file === undefined) return BudgetFile.parse({});
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new OrdealError('USAGE', `--budget ${file} cannot be read`, { cause });
  });
  const parsed = BudgetFile.safeParse(yamlOf(text, file));
  if (parsed.success) return parsed.data;
  throw new OrdealError('USAGE', `--budget ${file}: ${z.prettifyError(parsed.error)}`, {
    remedy: `Fields: ${Object.keys(BudgetFile.shape).join(', ')}; docs/upgrade-budget.schema.json holds them all.`,
  });
}

function yamlOf(text: string, file: string): unknown {
  try {
    return parse(text) ?? {};
  } catch (cause) {
    throw new OrdealError('USAGE', `--budget ${file} is not YAML`, { cause });
  }
}
