import { expect } from 'chai';
import type { CaseContext } from '../../harness/case/types.ts';
import { downtimeWindows } from '../../harness/measure/downtime.ts';
import { errorClasses, failed } from './rollout-samples.ts';
import { describePath, type Connections, type Path } from './rollout-traffic.ts';

export interface Loss {
  readonly path: Path;
  readonly failures: number;
  /** What the failures were, in words; empty without any. */
  readonly classes: string;
}

/** Records attempts, failures and downtime windows of every path as results of the case; returns the losses. */
export function reportTraffic(ctx: CaseContext, paths: readonly Path[]): Loss[] {
  for (const path of paths) {
    const windows = downtimeWindows(path.samples);
    const labels = { connections: path.connections, client: path.client.node };
    const lengths = windows.map((window) => window.ms);
    ctx.measure('traffic:attempts', path.samples.length, 'count', labels);
    ctx.measure('downtime:windows', windows.length, 'count', labels);
    ctx.measure(
      'downtime:sum',
      lengths.reduce((sum, ms) => sum + ms, 0),
      'ms',
      labels,
    );
    ctx.measure('downtime:longest', Math.max(0, ...lengths), 'ms', labels);
    if (windows.length > 0)
      ctx.attach(`downtime of ${describePath(path)}`, JSON.stringify(windows, null, 2), 'application/json');
  }
  return paths.map((path) => ({
    path,
    failures: path.samples.filter(failed).length,
    classes: errorClasses(path.samples),
  }));
}

/** Asserts that no attempt on `connections` failed, on any path, and that there were attempts at all. */
export function expectUnnoticed(losses: readonly Loss[], connections: Connections): void {
  const watched = losses.filter((loss) => loss.path.connections === connections);
  expect(watched, `paths with ${connections} connections`).to.not.be.empty;
  for (const { path, failures, classes } of watched) {
    const seen = `${failures} of ${path.samples.length} attempts failed on ${describePath(path)} (${classes})`;
    expect(path.samples, `attempts on ${describePath(path)}`).to.not.be.empty;
    expect(failures, seen).to.equal(0);
  }
}
