import { Command, InvalidArgumentError } from 'commander';
import { cyclonus } from '../../../clusters/components/cyclonus.ts';
import { onInterrupt } from '../../base/interrupt.ts';
import { describeError, exitCodeOf } from '../../base/errors.ts';
import { connect } from '../../kube/connect.ts';
import { terminalProgress } from '../../base/progress-terminal.ts';
import type { CommandRecorder } from '../../events/command-log.ts';
import { loggedBenchmark } from './logged.ts';
import { preparePeer, type PeerRun, runPeer } from './peer.ts';
import type { PeerProgress } from './peer-progress.ts';
import { type PolicyRun, runPolicyCases } from './policy-run.ts';
import { type PolicyTimes, recordTimes } from './policy-times.ts';

type Options = Omit<PeerRun, 'signal'> & Omit<PolicyRun, 'signal'>;

const out = (line: string) => process.stdout.write(`${line}\n`);

async function bench(recorder: CommandRecorder, options: Options): Promise<void> {
  const progress = terminalProgress();
  const interrupt = onInterrupt((line) => progress.note(line));
  const { signal } = interrupt;
  const kube = await connect(options.kubeconfig);
  try {
    const program = await preparePeer(kube, progress, signal);
    const title = `run ${options.cases} cases of Cyclonus`;
    const peer = await progress.step(title, (report) => runPeer(kube, program, { ...options, signal }, report));
    const own = await runPolicyCases({ ...options, signal });
    recordTimes(recorder, own);
    recorder.measure('peer_case_time', (peer.seconds * 1000) / peer.finished, 'ms', {
      of: `Cyclonus ${cyclonus.version}`,
    });
    report(peer, own, options.tag);
  } finally {
    await kube.close();
    interrupt.stop();
    progress.close();
  }
}

function report(peer: PeerProgress, own: PolicyTimes, tag: string): void {
  const theirs = peer.seconds / peer.finished;
  const ours = own.seconds / own.cases;
  const outcomes = [...own.outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', ');
  out(`Cyclonus ${cyclonus.version}: ${theirs.toFixed(1)} s a case (${peer.finished} of ${tag}, its pods already up)`);
  out(
    `Ordeal: ${ours.toFixed(2)} s a case (${own.cases} in ${own.seconds.toFixed(0)} s, its pods included: ${outcomes})`,
  );
  out(`ratio: ${(theirs / ours).toFixed(0)}x`);
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number of at least 1');
  return value;
}

const command = new Command('bench:cyclonus')
  .description('time some cases of Cyclonus, then those it runs by default with Ordeal, on the same cluster')
  .requiredOption('--kubeconfig <file>', 'a cluster without the namespaces x, y and z')
  .option('--image <reference>', 'image with Node.js for the pods, as --agent-image of `ordeal run`')
  .option('--tag <name>', "Cyclonus' tag of the cases it runs", 'target')
  .option('--cases <n>', 'how many of them', positive, 3);

try {
  const options = command.parse().opts<Options>();
  await loggedBenchmark('cyclonus', 'How long Cyclonus and Ordeal take over a case', (recorder) =>
    bench(recorder, options),
  );
} catch (error) {
  process.stderr.write(`bench:cyclonus: ${describeError(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
