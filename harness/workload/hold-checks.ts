import type { CaseContext } from '../case/types.ts';
import type { ProbeResult } from '../probe/types.ts';
import { type Check, difference } from '../table/checks.ts';
import { type HeldPath, holdPaths } from '../table/path-hold.ts';
import { fleet } from './fleet.ts';
import { loopbackOf } from './loopback.ts';

/**
 * Holds checks that agents of the standing fleet ask: settles until all are as wanted, and looks at them again and again.
 * `answered` is told of every wanted answer of the hold. @throws as `holdPaths`.
 */
export function holdChecks(
  ctx: CaseContext,
  what: string,
  checks: readonly Check[],
  answered?: (path: HeldPath, result: ProbeResult) => void,
): Promise<void> {
  const { holdEveryMs: everyMs, slowPathMs: slowMs, holdProbeMs: timeoutMs } = ctx.timeouts;
  const paths = checks.map(({ from, probe, want }) => ({
    from,
    probe: { ...probe, timeoutMs },
    differs: (result: ProbeResult) => difference(want, result),
  }));
  const servers = ctx.use(fleet).agents;
  const options = { what, paths, servers, control: loopbackOf(ctx), everyMs, slowMs };
  return holdPaths(ctx, answered === undefined ? options : { ...options, answered });
}
