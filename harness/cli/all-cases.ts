import { suitesRoot } from '../base/paths.ts';
import { loadCases } from '../case/load.ts';
import type { CaseDefinition } from '../case/types.ts';
import type { RunOptions } from './run-options.ts';

/** Returns the cases of the suites, and those of `--during`. @throws OrdealError USAGE for a fault that cannot be held. */
export async function allCases({ during }: Pick<RunOptions, 'during'>): Promise<CaseDefinition[]> {
  const cases = await loadCases(suitesRoot);
  if (during.length === 0) return cases;
  const [{ parseDuring }, { duringCases }, { loadAreaTables }] = await Promise.all([
    import('../during/fault-text.ts'),
    import('../during/cases.ts'),
    import('../during/load.ts'),
  ]);
  return [...cases, ...duringCases(parseDuring(during), await loadAreaTables(suitesRoot))];
}
