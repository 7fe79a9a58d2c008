import { Command, InvalidArgumentError } from 'commander';
import type { CommandRecorder } from '../../events/command-log.ts';
import { describeError, exitCodeOf, OrdealError } from '../../base/errors.ts';
import { settle } from '../../base/settle.ts';
import { median } from '../../measure/statistics.ts';
import { type ExpectedTable, type Matrix, measureMatrix } from '../../table/matrix.ts';
import { legend, renderDifference } from '../../table/matrix-text.ts';
import { describeDifference, diffMatrix } from './matrix-difference.ts';
import { Timeouts } from '../../base/timeouts.ts';
import { type Bed, clusterBed, isInFirstRow, localBed, type Switch } from './matrix-beds.ts';
import { loggedBenchmark } from './logged.ts';
import { timeSteps, wantedOf } from './matrix-steps.ts';

interface Options {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly image: string;
  readonly rounds: number;
  readonly pods: number;
  readonly timeoutMs: number;
}

const warmUpRounds = 2;
/** What a table may take beyond its longest wait, on two cores, warm (the target). */
const targetMs = 150;

const out = (line: string) => process.stdout.write(`${line}\n`);

function expectation(bed: Bed, dropped: (port: number, from: string, to: string) => boolean): ExpectedTable {
  const cells = bed.sources.flatMap((source) =>
    bed.targets.map(({ key, port, protocol }) => {
      const verdict = dropped(port, source.key, key) ? 'dropped' : 'open';
      return [`${source.key} -> ${key}:${port}/${protocol}`, verdict] as const;
    }),
  );
  return new Map(cells);
}

const allOpen = (bed: Bed) => expectation(bed, () => false);

async function rounds(bed: Bed, expected: ExpectedTable, options: Options): Promise<Matrix[]> {
  const tables: Matrix[] = [];
  for (let round = 0; round < warmUpRounds + options.rounds; round++) {
    const table = await measureMatrix(bed.sources, bed.targets, { timeoutMs: options.timeoutMs, ours: true });
    const wrong = diffMatrix(expected, table).map(describeDifference);
    if (wrong.length > 0)
      throw new OrdealError('AGENT', `${wrong.length} cells are wrong: ${wrong.slice(0, 5).join('; ')}`);
    tables.push(table);
  }
  return tables.slice(warmUpRounds);
}

function report(recorder: CommandRecorder, title: string, tables: readonly Matrix[], limitMs: number): void {
  const times = tables.map(({ ms }) => ms);
  for (const ms of times) recorder.measure('table_time', ms, 'ms', { of: title });
  const middle = median(times);
  const dropped = [...(tables[0]?.cells.values() ?? [])].filter(({ result }) => result.verdict === 'dropped').length;
  const spread = `${Math.min(...times).toFixed(0)}-${Math.max(...times).toFixed(0)}`;
  const ratio = (middle / limitMs).toFixed(2);
  const size = tables[0]?.cells.size ?? 0;
  out(
    `${title}: ${size} probes, ${dropped} dropped; median ${middle.toFixed(0)} ms (${spread}) of ${times.length} rounds; target ${limitMs} ms; ratio ${ratio}`,
  );
}

/** A pod reaches itself whatever policies say. */
const without81 = (bed: Bed, isClosed: (key: string) => boolean) =>
  expectation(bed, (port, from, to) => port === 81 && from !== to && isClosed(to));

async function reportSteps(
  recorder: CommandRecorder,
  title: string,
  bed: Bed,
  policy: Switch,
  isClosed: (key: string) => boolean,
  options: Options,
): Promise<void> {
  const dropped = wantedOf(bed, without81(bed, isClosed), options.timeoutMs, isClosed);
  const steps = await timeSteps(policy, { dropped, open: wantedOf(bed, allOpen(bed), options.timeoutMs, isClosed) });
  for (const ms of steps) recorder.measure('step_time', ms, 'ms', { of: `a policy ${title}` });
  const each = steps.map((ms) => ms.toFixed(0)).join(', ');
  out(`a step, a policy ${title} until the table agreed twice: median ${median(steps).toFixed(0)} ms of ${each}`);
}

async function halfDropped(recorder: CommandRecorder, bed: Bed, options: Options): Promise<void> {
  if (bed.policies === undefined) {
    out('half dropped: n/a, nothing on loopback drops packets; give --kubeconfig');
    return;
  }
  const { everywhere, firstRow } = bed.policies;
  await reportSteps(recorder, 'on one namespace of the square', bed, firstRow, isInFirstRow, options);
  await reportSteps(recorder, 'on every pod', bed, everywhere, () => true, options);
  await everywhere.apply();
  const expected = without81(bed, () => true);
  const wanted = wantedOf(bed, expected, options.timeoutMs);
  const { settleMs, settlePollMs } = Timeouts.parse({});
  await settle({ sample: wanted.whole, consecutive: 1, timeoutMs: settleMs, pollMs: settlePollMs });
  const tables = await rounds(bed, expected, options);
  report(recorder, 'half dropped', tables, options.timeoutMs + targetMs);
  if (tables[0] !== undefined) out(`\n${renderDifference(expected, tables[0])}\n${legend}`);
}

async function bench(recorder: CommandRecorder, options: Options): Promise<void> {
  const started = performance.now();
  const { kubeconfig, image, context, pods } = options;
  const bed = kubeconfig === undefined ? await localBed(pods) : await clusterBed(kubeconfig, image, pods, context);
  try {
    out(
      `${bed.title}, started in ${((performance.now() - started) / 1000).toFixed(1)} s; probes wait ${options.timeoutMs} ms`,
    );
    const open = await recorder.phase('all_open', 'nothing drops packets', () => rounds(bed, allOpen(bed), options));
    report(recorder, 'all open', open, targetMs);
    await recorder.phase('half_dropped', 'a policy drops half', () => halfDropped(recorder, bed, options));
  } finally {
    await bed.close();
  }
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number of at least 1');
  return value;
}

const { policyConnectMs } = Timeouts.parse({});
const command = new Command('bench:matrix')
  .description('time a truth table of pods x pods, 2 ports, TCP and UDP: 324 probes with nine pods')
  .option('--kubeconfig <file>', 'use pods in this cluster; without it, processes on loopback')
  .option('--context <name>', 'context of the kubeconfig')
  .option('--image <reference>', 'image with Node.js for the pods', 'node:22-alpine')
  .option('--pods <n>', 'pods; the targets are those of nine', positive, 9)
  .option('--rounds <n>', 'rounds counted, after two of warm-up', positive, 9)
  .option('--timeout-ms <ms>', 'how long a probe waits before it is dropped', positive, policyConnectMs);

try {
  const options = command.parse().opts<Options>();
  await loggedBenchmark('matrix', 'How long a truth table takes', (recorder) => bench(recorder, options));
} catch (error) {
  process.stderr.write(`bench:matrix: ${describeError(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
