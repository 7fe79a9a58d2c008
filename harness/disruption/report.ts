import { expect } from 'chai';
import { InconclusiveError } from '../base/errors.ts';
import type { CheckContext } from '../table/check-context.ts';
import { cutsIn } from './connections.ts';
import { downtimeWindows, summariseDowntime, type DowntimeWindow } from './downtime.ts';
import { starvedFailures } from './starved.ts';
import { describePath, type Connections, type Path } from './traffic.ts';

export interface Loss {
  readonly path: Path;
  readonly failures: number;
  /** Those of them that a machine without CPU explains. */
  readonly starved: number;
  /** Times a kept connection was lost, also between two attempts that both succeeded. */
  readonly cuts: number;
  /** What failed and when, in words; empty without failures. */
  readonly told: string;
}

/** Records attempts, failures and downtime windows of every path as results of the case; returns the losses. */
export function reportTraffic(ctx: CheckContext, paths: readonly Path[]): Loss[] {
  return paths.map((path) => {
    const windows = downtimeWindows(path.samples);
    const summary = summariseDowntime(path.samples);
    const cuts = cutsIn(path.samples).length;
    const labels = { connections: path.connections, client: path.client.node };
    ctx.measure('traffic.attempts', summary.attempts, 'count', labels);
    ctx.measure('traffic.failures', summary.failures, 'count', labels);
    if (path.connections === 'reused') ctx.measure('traffic.cuts', cuts, 'count', labels);
    ctx.measure('downtime.windows', summary.windows, 'count', labels);
    ctx.measure('downtime.sum', summary.sumMs, 'ms', labels);
    ctx.measure('downtime.longest', summary.longestMs, 'ms', labels);
    if (windows.length > 0) attachWindows(ctx, path, windows);
    const starved = starvedFailures(path.samples, path.control).length;
    return { path, failures: summary.failures, starved, cuts, told: describeWindows(windows) };
  });
}

/**
 * Asserts that no attempt on `connections` failed, on any path, and that there were attempts at all; of kept connections
 * also that none was lost. @throws InconclusiveError where a starved machine explains all that failed.
 */
export function expectUnnoticed(losses: readonly Loss[], connections: Connections): void {
  const watched = losses.filter((loss) => loss.path.connections === connections);
  expect(watched.length, `paths with ${connections} connections`).to.be.above(0);
  for (const { path, failures, starved, cuts, told } of watched) {
    expect(path.samples.length, `attempts on ${describePath(path)}`).to.be.above(0);
    const { length } = path.samples;
    const said = `${failures} of ${length} attempts failed on ${describePath(path)}: ${told}`;
    if (failures > starved) expect.fail(said);
    if (failures > 0) throw new InconclusiveError(`${said}; the client did not reach its own loopback then either`);
    if (cuts > 0) expect.fail(`a kept connection was lost and opened anew ${cuts} times on ${describePath(path)}`);
  }
}

/** Returns `120 ms from 2400 ms (refused: ECONNREFUSED x6)`, one window after the other. */
export function describeWindows(windows: readonly DowntimeWindow[]): string {
  const classes = (window: DowntimeWindow) =>
    Object.entries(window.classes).map(([name, count]) => `${name} x${count}`);
  return windows.map((window) => `${window.ms} ms from ${window.fromMs} ms (${classes(window).join(', ')})`).join('; ');
}

function attachWindows(ctx: CheckContext, path: Path, windows: readonly DowntimeWindow[]): void {
  ctx.attach(`downtime of ${describePath(path)}`, JSON.stringify(windows, null, 2), 'application/json');
}
