import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError } from '../../base/errors.ts';
import { docker } from '../../node/docker.ts';
import { runComparison } from './compare-command.ts';

/** Long enough for a cluster that comes back. */
const patience = 'unpausedReadyMs: 20000\n';

const say = (line: string) => void process.stdout.write(`${line}\n`);

/**
 * Kills the second cluster's control plane after its first visit, so that it does not come back from its pause, and prints
 * what the comparison says. Returns whether it says so of that one, and has every round of the other. The node is started
 * again.
 */
export async function provesBrokenCluster(clusters: readonly string[], folder: string): Promise<boolean> {
  const [first = '', second = ''] = clusters;
  const node = `${second}-control-plane`;
  const timeouts = join(mkdtempSync(join(tmpdir(), 'ordeal-proof-')), 'timeouts.yaml');
  writeFileSync(timeouts, patience);
  let killed: Promise<unknown> | undefined;
  const kill = async () => {
    await docker(['unpause', node]);
    await docker(['kill', node]);
  };
  const onLine = (line: string) => {
    if (killed === undefined && / done +round 1: /.test(line) && line.includes(second)) killed = kill();
  };
  const rounds = 3;
  const metrics = ['bench.tcp_rr'];
  const more = ['--timeouts', timeouts];
  try {
    const { metrics: found, subjects } = await runComparison({
      clusters,
      rounds: String(rounds),
      metrics,
      folder,
      more,
      onLine,
    });
    const [one] = found;
    const counted = one?.summaries.find(({ subject }) => subject === first)?.rounds;
    const remarks = subjects.find(({ name }) => name === second)?.remarks ?? [];
    const told = remarks.some((remark) => remark.includes('inconclusive'));
    say(
      `\na cluster that does not come back from its pause: ${told && counted === rounds ? 'as it must be' : 'NOT as it must be'}`,
    );
    say(`  ${first}: ${counted ?? 0} of ${rounds} rounds; ${second}: ${remarks.join('; ')}`);
    return told && counted === rounds;
  } finally {
    await killed?.then(
      () => docker(['start', node]),
      (error: unknown) => say(describeError(error)),
    );
  }
}
