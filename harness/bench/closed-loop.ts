import { InconclusiveError } from '../base/errors.ts';
import type { LoadResult, LoadSpec } from '../probe/agent-types.ts';
import type { Probe } from '../probe/types.ts';
import type { Bed } from './bed.ts';
import type { Path } from './paths.ts';
import type { Reading } from './metric.ts';
import type { Profile } from './profile.ts';

/** Mostly answered, or the rate is one of failures. */
const mostFailed = 0.01;

/** One load of a path after another. */
export interface Loop {
  readonly paths: readonly Path['name'][];
  readonly probe: (path: Path) => Probe;
  readonly reuse: boolean;
  readonly inFlight?: number;
}

/** Returns a figure per path, one path after another: loads at once would measure each other. */
export async function closedLoop(bed: Bed, profile: Profile, loop: Loop): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const path of bed.paths.filter(({ name }) => loop.paths.includes(name))) {
    const probe = loop.probe(path);
    const perSecond = await answersPerSecond(path, { probe, reuse: loop.reuse, inFlight: loop.inFlight ?? 1 }, profile);
    readings.push({ labels: { path: path.name }, value: perSecond });
  }
  return readings;
}

/** @throws InconclusiveError where more than 1 % of the attempts failed. */
async function answersPerSecond(
  path: Path,
  load: Pick<LoadSpec, 'probe' | 'reuse' | 'inFlight'>,
  { warmUpMs, loopMs }: Profile,
): Promise<number> {
  const result = await path.from.load({ ...load, warmUpMs, forMs: loopMs });
  requireAnswered(path.name, result);
  return result.perSecond;
}

function requireAnswered(path: string, { answered, failed, error = 'none that ended in time' }: LoadResult): void {
  if (answered > 0 && failed <= mostFailed * (answered + failed)) return;
  throw new InconclusiveError(`${path}: ${failed} of ${answered + failed} attempts failed, the first with ${error}`);
}
