import type { CasesRun } from './run-cases.ts';

/**
 * Returns `run` so that each begins when the process of the one before has ended: a kept cluster refuses a second run while
 * the first still takes its namespaces away. It resolves as `run` does, once the cases are judged: what the caller does
 * next (a defect out, another in) happens beside that. `settled` resolves when the last process has ended.
 */
export function inTurn<A extends readonly unknown[]>(
  run: (...args: A) => Promise<CasesRun>,
): ((...args: A) => Promise<CasesRun>) & { readonly settled: () => Promise<unknown> } {
  let leaving: Promise<unknown> = Promise.resolve();
  const next = async (...args: A): Promise<CasesRun> => {
    await leaving;
    const cases = await run(...args);
    leaving = cases.exited;
    return cases;
  };
  return Object.assign(next, { settled: () => leaving });
}
