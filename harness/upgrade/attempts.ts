import type { TrailRun } from '../probe/agent-types.ts';
import type { Lane } from './lane.ts';
import type { Attempts } from './lane-book.ts';

/** Returns what a user would call a run of attempts: what should answer is well when it does, what should not when it does not. */
function stateOf({ verdict, error }: TrailRun, expected: Lane['expected']): Attempts['state'] {
  if (verdict === 'inconclusive') return 'unknown';
  const answered = verdict === 'open';
  if (expected === 'closed') return answered ? 'ill' : 'well';
  return answered && error === undefined ? 'well' : 'ill';
}

/** What is known of a trail from an earlier reading: the run that may have grown since. */
export interface Progress {
  /** Number of the last run that was read; 0 where none was. */
  readonly next: number;
  /** How many of its attempts are known. */
  readonly counted: number;
  readonly sumUs: number;
}

export const noProgress: Progress = { next: 0, counted: 0, sumUs: 0 };

export interface Reading {
  readonly first: number;
  readonly runs: readonly TrailRun[];
}

/**
 * Returns the attempts that a reading adds to what is known, in time of the harness (`zeroMs`: when attempt 0 was due),
 * and how far it goes now. Attempts of runs that the agent forgot are missing from it.
 */
export function newAttempts(
  lane: Pick<Lane, 'expected' | 'spec'>,
  { first, runs }: Reading,
  progress: Progress,
  zeroMs: number,
): { attempts: Attempts[]; progress: Progress } {
  const { everyMs } = lane.spec;
  const attempts = runs.flatMap((run, index) => {
    const grown = first + index === progress.next ? progress : noProgress;
    const count = run.count - grown.counted;
    if (count <= 0) return [];
    const state = stateOf(run, lane.expected);
    const { verdict, error, connection, maxUs } = run;
    const one: Attempts = {
      fromMs: zeroMs + (run.from + grown.counted) * everyMs,
      ...{ everyMs, count, state, maxUs, sumUs: run.sumUs - grown.sumUs },
      ...(connection === undefined ? {} : { connection }),
      ...(state === 'well' ? {} : { class: error === undefined ? verdict : `${verdict}: ${error}` }),
    };
    return [one];
  });
  const last = runs.at(-1);
  if (last === undefined) return { attempts, progress };
  return { attempts, progress: { next: first + runs.length - 1, counted: last.count, sumUs: last.sumUs } };
}
