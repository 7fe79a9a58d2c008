import { Command } from 'commander';
import { join } from 'node:path';
import { describeError, exitCodeOf } from '../../base/errors.ts';
import { projectRoot } from '../../base/paths.ts';
import { newRunId } from '../../base/run-id.ts';
import type { ComparedMetric, Comparison } from '../../../reports/compare/model.ts';
import { provesBrokenCluster } from './compare-broken.ts';
import { runComparison } from './compare-command.ts';
import { differenceText, metricName } from '../../../reports/compare/words.ts';

/** One comparison of two clusters of one CNI, and what it must find: nothing at all, or that, and nothing unrelated. */
interface Proof {
  readonly title: string;
  /** Of the second cluster. */
  readonly handicap?: string;
  /** Metrics one of which must be shown to be worse. */
  readonly finds: readonly string[];
}

const proofs: readonly Proof[] = [
  { title: 'A against A, each paused while the other is measured', finds: [] },
  { title: '5 ms delay', handicap: 'delay:ms=5', finds: ['bench.tcp_rr', 'bench.http_latency'] },
  { title: '2 % loss', handicap: 'loss:percent=2', finds: ['bench.tcp_throughput', 'bench.tcp_retransmits'] },
  { title: 'bandwidth cut', handicap: 'bandwidth:kbit=400000', finds: ['bench.tcp_throughput'] },
];

const brokenTitle = 'a cluster that does not come back';

/** Quick to measure, and of every kind: what a handicap of the server must touch, and what it cannot. */
const metrics = [
  ...['bench.tcp_rr', 'bench.tcp_crr', 'bench.udp_rr', 'bench.tcp_throughput', 'bench.http_latency'],
  ...['bench.dns_rate', 'bench.dns_latency', 'bench.agent_cpu_idle'],
];
/** Paths that do not end at the pods that are handicapped. */
const elsewhere = ['loopback', 'host-host', 'pod same node', 'hairpin'];

const out = (line: string) => process.stdout.write(`${line}\n`);

function isUnrelated({ metric, labels }: ComparedMetric): boolean {
  return metric.startsWith('bench.dns') || metric.startsWith('bench.agent') || elsewhere.includes(labels['path'] ?? '');
}

function compared(clusters: readonly string[], { handicap }: Proof, rounds: string, folder: string) {
  const more = handicap === undefined ? [] : ['--handicap', `${clusters[1] ?? ''}=${handicap}`];
  return runComparison({ clusters, rounds, metrics, folder, more });
}

/** Prints what was found, and returns whether it is what had to be. */
function judged(proof: Proof, { metrics: all }: Comparison): boolean {
  const shown = all.filter(({ differences }) => differences.some(({ verdict }) => verdict !== 'no difference shown'));
  const worse = shown.filter(({ differences }) => differences.some(({ verdict }) => verdict === 'worse'));
  const wrong = proof.handicap === undefined ? shown : shown.filter(isUnrelated);
  const found = proof.finds.length === 0 || worse.some(({ metric }) => proof.finds.includes(metric));
  out(`\n${proof.title}: ${found && wrong.length === 0 ? 'as it must be' : 'NOT as it must be'}`);
  out(`  ${shown.length} of ${all.length} metrics differ, ${wrong.length} of them wrongly`);
  for (const one of shown) {
    const [difference] = one.differences;
    const mark = wrong.includes(one) ? ' (wrongly)' : '';
    if (difference !== undefined) {
      out(`  ${difference.verdict}: ${metricName(one)} ${differenceText(difference, one.unit)}${mark}`);
    }
  }
  return found && wrong.length === 0;
}

const command = new Command('bench:compare')
  .description('show what a comparison finds between two kept clusters of one CNI: nothing, and what is done to one')
  .requiredOption('--cluster <names...>', 'two, as `ordeal run --keep --name` left them')
  .option('--only <text>', 'proofs whose title contains it')
  .option('--rounds <n>', 'visits of each', '7');

try {
  const { cluster, only = '', rounds } = command.parse().opts<{ cluster: string[]; only?: string; rounds: string }>();
  const root = join(projectRoot, 'ordeal-results', newRunId('proof'));
  const results: boolean[] = [];
  for (const [index, proof] of proofs.filter(({ title }) => title.includes(only)).entries()) {
    results.push(judged(proof, await compared(cluster, proof, rounds, join(root, String(index)))));
  }
  if (brokenTitle.includes(only)) results.push(await provesBrokenCluster(cluster, join(root, 'broken')));
  process.exitCode = results.every(Boolean) ? 0 : 1;
} catch (error) {
  process.stderr.write(`bench:compare: ${describeError(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
