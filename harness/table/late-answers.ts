import type { Agent } from '../probe/agent-types.ts';
import { OrdealError } from '../base/errors.ts';
import { mapLimited } from '../base/limit.ts';
import type { Probe, ProbeResult } from '../probe/types.ts';

interface AskedPath {
  readonly from: Agent;
  readonly probe: Probe;
  readonly differs: (result: ProbeResult) => string | undefined;
}

/** Of so many paths the first are asked again; they tell late from gone. */
const mostAsked = 20;
const atOnce = 4;
/** An answer that takes this part of the time a probe has is late. */
const latePart = 0.5;

/**
 * Returns the error of paths that did not settle; where they answer as they should once asked with `patienceMs`, it says
 * first that they are late, and by how much: no answer in time looks like none at all. Any other error as it is.
 */
export async function tellLate(error: unknown, paths: readonly AskedPath[], patienceMs: number): Promise<unknown> {
  if (!(error instanceof OrdealError) || error.code !== 'NOT_SETTLED') return error;
  const asked = paths.slice(0, mostAsked);
  const times = await mapLimited(asked, atOnce, (path) => answerMs(path, patienceMs)).catch(() => []);
  const late = times.flatMap((ms, index) => (ms !== undefined && ms > lateFrom(asked[index]) ? [ms] : []));
  if (late.length === 0) return error;
  const told = `${late.length} of ${asked.length} paths answer late, the slowest after ${Math.max(...late).toFixed(0)} ms`;
  return new OrdealError('NOT_SETTLED', `${told} (given ${patienceMs} ms each); ${error.message}`, { cause: error });
}

const lateFrom = (path: AskedPath | undefined) => latePart * (path?.probe.timeoutMs ?? 0);

/** Returns undefined where it does not answer as it should. */
async function answerMs({ from, probe, differs }: AskedPath, timeoutMs: number): Promise<number | undefined> {
  const [result] = await from.probe([{ ...probe, timeoutMs }]);
  return result?.verdict !== 'open' || differs(result) !== undefined ? undefined : result.elapsedUs / 1000;
}
