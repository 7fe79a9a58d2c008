import type { Command } from 'commander';
import { ExitCode, OrdealError } from '../base/errors.ts';
import type { Figures } from '../../reports/compare/compare.ts';
import type { Comparison } from '../../reports/compare/model.ts';
import { type CompareOptions, parseCompareOptions } from './compare-options.ts';
import { collect } from './flags.ts';
import { toStderr, toStdout, type Write } from './output.ts';

/** Adds `ordeal compare`: what differs between networks, of finished runs or measured now, with intervals and verdicts. */
export function registerCompare(program: Command, write: Write = toStdout, warn: Write = toStderr): void {
  program
    .command('compare')
    .description('compare networks, or finished runs: differences with intervals; better, worse, or none shown')
    .argument('[runs...]', 'RUN or NAME=RUN,RUN: folder, run.ndjson or run id; each run is a round of its subject')
    .option('--cni <names>', 'measure these, each on its own kind cluster, in turns; one named twice is A against A')
    .option('--mesh <names>', 'with each of these, such as none,istio: every CNI with every mesh is a network')
    .option(
      '--kubeconfig <file>',
      'measure this existing cluster, alone: no pods in the host network, nodes are not entered',
    )
    .option('--context <name>', 'of that kubeconfig')
    .option('--agent-image <image>', 'Node.js 22 or newer, which that cluster can pull')
    .option('--iperf3-image <image>', 'iperf3, which that cluster can pull; without one its throughput is not measured')
    .option('--cluster <name>', 'measure a kind cluster that `run --keep` left; may repeat', collect, [])
    .option('--rounds <n>', 'visits of each network (default: as many as a verdict takes)')
    .option('--profile <name>', 'quick (default) or full: how long each load lasts')
    .option('--handicap <fault>', 'what is done to one on purpose: calico-2=delay:ms=5; may repeat', collect, [])
    .option('--curves', 'also measure what more Services, endpoints, policies and pods cost (--profile full does)')
    .option('--precision <share>', '5%: no further round once the medians of all rates are known that well')
    .option('--workers <n>', 'worker nodes of each cluster, 2..5')
    .option('--images <source>', 'auto, registry, source')
    .option('--registry <host>', 'take every image from this mirror')
    .option('--timeouts <file>', 'YAML or JSON laid over the default timeouts')
    .option('--fix', 'install and start what is missing')
    .option('--no-install', 'forbid --fix to install packages')
    .option(
      '--metric <name>',
      'measure and compare only this, as logged; may repeat; fewer tests show more',
      collect,
      [],
    )
    .option('--format <names>', 'terminal, json, csv, markdown, html, openmetrics, allure; all with --out', collect, [])
    .option('--out <folder>', 'where to write comparison.json, .csv, .md, .html, .prom, .txt and Allure results')
    .option('--baseline <file>', 'a comparison.json of earlier runs to set these against')
    .option('--fail-on <limit>', 'worse:10%: exit 1 where a metric is shown to be that much worse than the baseline')
    .option('--seed <number>', 'of the order of turns and the bootstrap (default 1)')
    .action((runs: string[], flags: unknown) => compareAll(runs, parseCompareOptions(flags), { write, warn }));
}

interface Output {
  readonly write: Write;
  readonly warn: Write;
}

/** Runs that are named are compared; networks that are named are measured first, which makes one run more. */
async function compareAll(runs: readonly string[], options: CompareOptions, output: Output): Promise<void> {
  const live = options.cni !== undefined || options.cluster.length > 0 || options.kubeconfig !== undefined;
  if (live === runs.length > 0) {
    const why = live ? 'runs and networks cannot be compared at once' : 'there is nothing to compare';
    throw new OrdealError('USAGE', why, {
      remedy:
        'Name finished runs, or networks to measure: --cni NAME,NAME, --cluster NAME of kept kind clusters, or --kubeconfig FILE.',
    });
  }
  if (!live) return compareRuns(runs, { ...options, measured: false }, output);
  const { measureLive } = await import('./compare-live.ts');
  const { folder, exitCode } = await measureLive(options);
  await compareRuns([folder], { ...options, out: options.out ?? folder, measured: true }, output);
  if (exitCode !== ExitCode.conforms && process.exitCode !== ExitCode.doesNotConform) process.exitCode = exitCode;
}

async function compareRuns(
  runs: readonly string[],
  options: CompareOptions & { readonly measured: boolean },
  output: Output,
): Promise<void> {
  const [{ comparedRuns }, { figuresOf, compare }, { runMetrics }, { benchDeclarations }] = await Promise.all([
    import('./compared-runs.ts'),
    import('../../reports/compare/compare.ts'),
    import('../events/run-metrics.ts'),
    import('../bench/declarations.ts'),
  ]);
  const now = figuresOf(await comparedRuns(runs), [...runMetrics, ...benchDeclarations]);
  const { figures, ...rest } = await againstBaseline(now, options);
  // What was asked for now and came to nothing has its reason in the log: that is no typing error.
  if (!options.measured) refuseAlienMetrics(figures, options.metric);
  const comparison = compare(onlyMetrics(figures, options.metric), rest);
  await tell(comparison, options, output);
  if (comparison.gate !== undefined) process.exitCode = exitCodes[comparison.gate.outcome];
}

const exitCodes = {
  passed: ExitCode.conforms,
  failed: ExitCode.doesNotConform,
  undecided: ExitCode.inconclusive,
} as const;

/** @throws OrdealError USAGE for a baseline that cannot be read, or that has none of these subjects. */
async function againstBaseline(now: Figures, { baseline: file, failOn: limit, seed }: CompareOptions) {
  if (file === undefined) return { figures: now, rule: { seed } };
  const [{ baselineFigures, baselinePairs, withBaseline }, { gateAlpha }, { readComparison }] = await Promise.all([
    import('../../reports/compare/baseline.ts'),
    import('../../reports/compare/gate.ts'),
    import('./read-comparison.ts'),
  ]);
  const baseline = await readComparison(file);
  const pairs = baselinePairs(baseline, now);
  if (pairs.length === 0) {
    const [there, here] = [baseline.subjects, now.subjects].map((all) => all.map(({ name }) => name).join(', '));
    throw new OrdealError('USAGE', `--baseline ${file} is of ${there ?? ''}, and the runs are of ${here ?? ''}`, {
      remedy: 'Give the runs the names of the baseline: NAME=RUN,RUN.',
    });
  }
  const rule = { seed, ...(limit === undefined ? {} : { alpha: gateAlpha }) };
  return { figures: withBaseline(baselineFigures(baseline), now), pairs, limit, rule };
}

/** @throws OrdealError USAGE for a metric that was not measured: a typing error must not become an empty comparison. */
function refuseAlienMetrics({ series }: Figures, metrics: readonly string[]): void {
  const measured = [...new Set(series.map(({ metric }) => metric))];
  const alien = metrics.filter((metric) => !measured.includes(metric));
  if (alien.length === 0) return;
  throw new OrdealError('USAGE', `--metric ${alien.join(', ')}: no run measured it`, {
    remedy: `Measured: ${measured.join(', ')}.`,
  });
}

const onlyMetrics = (figures: Figures, metrics: readonly string[]): Figures => {
  const kept = figures.series.filter(({ metric }) => metrics.length === 0 || metrics.includes(metric));
  return { ...figures, series: kept };
};

async function tell(comparison: Comparison, options: CompareOptions, { write, warn }: Output): Promise<void> {
  const { comparisonFormats, renderComparison, writeComparison } = await import('../../reports/compare/formats.ts');
  const { format, out } = options;
  if (out !== undefined) {
    const files = await writeComparison(comparison, out, format.length === 0 ? comparisonFormats : format);
    for (const file of files) await warn(`wrote ${file}\n`);
  }
  const [only = 'terminal'] = out === undefined ? format : [];
  await write(renderComparison(comparison, only === 'allure' ? 'terminal' : only));
}
