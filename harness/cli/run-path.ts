import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OrdealError } from '../base/errors.ts';

/** Returns the path of a run named by folder, log or id. @throws OrdealError USAGE where there is none. */
export function runPath(run: string): string {
  const found = [run, join('ordeal-results', run)].find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new OrdealError('USAGE', `no run "${run}": neither a file or folder, nor a run id under ordeal-results/`, {
    remedy: 'Name a run folder, its run.ndjson, or a run id; `ls ordeal-results` shows the runs kept here.',
  });
}
