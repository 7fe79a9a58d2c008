import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OrdealError } from '../base/errors.ts';
import { loadRun } from '../events/reader.ts';
import type { RunRecord } from '../events/record.ts';
import { columnOf } from '../../reports/subject.ts';
import type { NamedRun } from '../../reports/compare/samples.ts';
import { runPath } from './run-path.ts';

interface Chosen {
  /** Absent: the log's network names it. */
  readonly name?: string;
  readonly path: string;
}

/**
 * Returns the runs that arguments name, `RUN` or `NAME=RUN,RUN...`. Runs that no name groups go by their network; where
 * that is the same for all of them, each stands for itself.
 * @throws OrdealError USAGE for a run that is not there, and for one that is named twice.
 */
export async function comparedRuns(given: readonly string[]): Promise<NamedRun[]> {
  const chosen = given.flatMap(chosenRuns);
  const runs = await Promise.all(chosen.map(async (one) => ({ ...one, run: await loadRun(one.path) })));
  refuseTwice(runs.map(({ run }) => run));
  const unnamed = runs.filter(({ name }) => name === undefined).map(({ run }) => columnOf(run));
  const alike = unnamed.length === runs.length && new Set(unnamed).size === 1 && runs.length > 1;
  return runs.map(({ name, run }) => {
    const own = alike ? run.runId : columnOf(run);
    return { subject: name ?? own, chosen: name !== undefined, run };
  });
}

/** A path with `=` in it is a path first. */
function chosenRuns(argument: string): Chosen[] {
  const [name = '', ...rest] = argument.split('=');
  if (rest.length === 0 || existsSync(argument) || existsSync(join('ordeal-results', argument))) {
    return [{ path: runPath(argument) }];
  }
  if (name === '') throw new OrdealError('USAGE', `"${argument}" gives its runs no name: NAME=RUN,RUN`);
  return rest
    .join('=')
    .split(',')
    .map((run) => ({ name, path: runPath(run) }));
}

function refuseTwice(runs: readonly RunRecord[]): void {
  const twice = runs.find(({ runId }, index) => runs.findIndex((other) => other.runId === runId) !== index);
  if (twice === undefined) return;
  throw new OrdealError('USAGE', `the run ${twice.runId} is named twice: its values would count as two rounds`);
}
