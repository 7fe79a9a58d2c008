import { Command } from 'commander';
import { join } from 'node:path';
import { describeError } from '../../base/errors.ts';
import { projectRoot } from '../../base/paths.ts';
import { terminalProgress } from '../../base/progress-terminal.ts';
import { newRunId } from '../../base/run-id.ts';
import { Timeouts } from '../../base/timeouts.ts';
import { provideKept } from '../../cluster/provide.ts';
import type { Cluster } from '../../cluster/types.ts';
import { createFaultBench } from '../../fault/bench.ts';
import type { FaultDriver } from '../../fault/driver.ts';
import type { Fault } from '../../fault/types.ts';
import { drivers } from '../../fault/drivers/index.ts';
import { namespace, ownedLabels } from '../../kube/objects.ts';
import type { Agent } from '../../probe/agent-types.ts';
import { startAgents } from '../../probe/fleet.ts';
import { loggedBenchmark } from './logged.ts';
import { type Question, questions } from './fault-questions.ts';

const out = (line: string) => process.stdout.write(`${line}\n`);
const port = 8_080;

/** Starts a pod to break on one worker and one that talks to it on another, in a namespace of their own. */
async function withPods<T>(cluster: Cluster, runId: string, work: (pods: readonly Agent[]) => Promise<T>): Promise<T> {
  const name = `ordeal-${runId.slice(-6)}-bench`;
  await cluster.kube.apply(namespace(name, ownedLabels(runId)));
  try {
    const workers = cluster.info.nodes.filter(({ role }) => role === 'worker');
    const specs = workers.slice(0, 2).map((node, index) => ({
      ...{ name: `pod-${index}`, namespace: name, node: node.name },
      ports: [
        { port, protocol: 'TCP' as const },
        { port, protocol: 'UDP' as const },
      ],
    }));
    return await work(await startAgents({ kube: cluster.kube, agentImage: cluster.agentImage, runId }, specs));
  } finally {
    await cluster.kube.remove({ apiVersion: 'v1', kind: 'Namespace', name });
  }
}

/** Returns the row of one question: what was asked, measured, by which way, and how long the way back took. */
async function answer(question: Question, fault: Fault): Promise<string> {
  const begun = performance.now();
  const observed = await fault.inject();
  const injectMs = performance.now() - begun;
  const measured = await question.measure?.().catch(describeError);
  const ending = performance.now();
  await fault.revert();
  const revertMs = performance.now() - ending;
  const ms = `${injectMs.toFixed(0)} | ${revertMs.toFixed(0)}`;
  return `| ${question.driver} | ${question.asked} | ${measured ?? observed.seen} | ${fault.way ?? ''} | ${ms} |`;
}

/** Parameters are checked where a fault is planned. */
type AnyDriver = FaultDriver<unknown>;

async function measureAll(name: string, only: string | undefined): Promise<void> {
  const runId = newRunId('faults');
  const folder = join(projectRoot, 'ordeal-results', runId);
  const progress = terminalProgress();
  const timeouts = Timeouts.parse({});
  const provided = await provideKept(name, {
    runId,
    folder,
    progress,
    timeouts,
    collectLogs: 'own',
    features: 'from facts',
  });
  progress.close();
  const { cluster } = provided;
  try {
    await withPods(cluster, runId, async (pods) => {
      const bench = createFaultBench({
        ...{ cluster, runId, stateDir: folder, timeouts },
        emit: (event) => event.type === 'fault' && process.stderr.write(`${event.phase}: ${event.detail}\n`),
      });
      out('| driver | asked | measured | way | inject ms | revert ms |\n| --- | --- | --- | --- | ---: | ---: |');
      for (const question of questions(cluster, pods, port)) {
        if (only !== undefined && !only.split(',').includes(question.driver)) continue;
        const stop = await question.before?.();
        const driver: AnyDriver | undefined = drivers.find((one) => one.name === question.driver);
        try {
          if (driver === undefined) throw new Error(`no driver ${question.driver}`);
          const fault = await bench.prepare(driver, question.params);
          out(await answer(question, fault).finally(() => fault.revert().catch(() => undefined)));
        } catch (error) {
          out(`| ${question.driver} | ${question.asked} | ${describeError(error)} | | | |`);
        } finally {
          await stop?.();
        }
      }
    });
  } finally {
    await provided.destroy();
  }
}

new Command()
  .requiredOption('--name <cluster>', 'a kind cluster that \`ordeal run --keep\` left')
  .option('--only <drivers>', 'names, with commas')
  .action((flags: { name: string; only?: string }) =>
    loggedBenchmark('faults', 'What was asked of each fault, and what is measured', () =>
      measureAll(flags.name, flags.only),
    ),
  )
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = 3;
  });
