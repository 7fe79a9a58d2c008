import { Command } from 'commander';
import { describeError, exitCodeOf } from '../../base/errors.ts';
import { type PolicyRun, runPolicyCases } from './policy-run.ts';
import { loggedBenchmark } from './logged.ts';
import { type PolicyTimes, recordTimes, spreadLine } from './policy-times.ts';

/** Seconds a case of Cyclonus 0.5.6 took, two nodes, Cilium, two cores (nine cases in 560 s). */
const referenceSeconds = 62;

const out = (line: string) => process.stdout.write(`${line}\n`);

function report(times: PolicyTimes): void {
  const { cases, seconds, outcomes } = times;
  out(`${cases} cases in ${seconds.toFixed(0)} s: ${((cases * 60) / seconds).toFixed(1)} cases/min`);
  out(`outcomes: ${[...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`);
  out(spreadLine('a step, once its objects are applied', times.step));
  out(spreadLine('  of it until the first cells changed', times.effect));
  out(spreadLine('  of it until the whole table agreed twice', times.agreement));
  const ratio = ((referenceSeconds * cases) / seconds).toFixed(0);
  out(
    `ratio to the ${referenceSeconds} s a case of Cyclonus, on another machine: ${ratio}x (bench:cyclonus times it here)`,
  );
}

const command = new Command('bench:networkpolicy')
  .description('time the NetworkPolicy cases on an existing cluster: cases/min, seconds a step, where they go')
  .requiredOption('--kubeconfig <file>', 'the cluster')
  .option('--image <reference>', 'image with Node.js for the pods, as --agent-image of `ordeal run`')
  .option('--all', 'every case of the area, not only what Cyclonus runs by default');

try {
  const options = command.parse().opts<PolicyRun>();
  await loggedBenchmark('networkpolicy', 'How long the NetworkPolicy cases take', async (recorder) => {
    const times = await runPolicyCases(options);
    recordTimes(recorder, times);
    report(times);
  });
} catch (error) {
  process.stderr.write(`bench:networkpolicy: ${describeError(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
