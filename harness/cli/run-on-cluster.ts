import { defaultCni } from '../../clusters/index.ts';
import { rightsOf } from '../case/rights.ts';
import type { CaseDefinition } from '../case/types.ts';
import { lackedRights } from '../cluster/access.ts';
import { leastRights, rightKey, type Rights } from '../kube/rights.ts';
import type { Kube } from '../kube/types.ts';
import { clusterEvent } from '../cluster/cluster-event.ts';
import { provideExisting, provideKept, provideKind } from '../cluster/provide.ts';
import type { ProvidedCluster, RunFrame } from '../cluster/provider.ts';
import type { RunLog } from '../events/writer.ts';
import type { Progress } from '../base/progress.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { prepareHost } from './doctor.ts';
import { type Afterwards, runCases } from './run-cases.ts';
import type { RunOptions } from './run-options.ts';
import { consentOf } from './consent.ts';
import { planConcurrency } from '../case/concurrency.ts';

export interface ClusterRun {
  readonly options: RunOptions;
  /** Absent: an existing cluster. */
  readonly cni: RunOptions['cni'][number] | undefined;
  readonly cases: readonly CaseDefinition[];
  readonly timeouts: Timeouts;
  readonly runId: string;
  readonly folder: string;
  readonly log: RunLog;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Provides a cluster, judges it by the cases, and takes everything away again, whatever happened in between. Logs of
 * nodes and pods are collected when a case did not pass. @throws OrdealError of the step that failed.
 */
export async function runOnCluster(run: ClusterRun): Promise<void> {
  const { options, runId, folder, progress, timeouts, signal, log } = run;
  if (!isGiven(options)) await prepareHost(options, progress);
  const frame: RunFrame = {
    runId,
    folder,
    progress,
    timeouts,
    signal,
    keep: options.keep,
    collectLogs: options.collectLogs,
  };
  const provided = await provide(run, frame);
  try {
    log.emit(clusterEvent(provided, { id: provided.cluster.info.name, required: options.require }));
    const { cluster } = provided;
    const concurrency = planConcurrency(options.concurrency, cluster.info, run.cases);
    const lacking = isTheirs(options) ? await lackingOf(cluster.kube, run.cases) : undefined;
    const explain = () => progress.step('collect logs', () => provided.collectLogs());
    await runCases({ ...run, ...settings(run), concurrency, cluster, lacking, explain, emit: log.emit });
  } finally {
    await takeDown(provided, run);
  }
}

const isTheirs = ({ kubeconfig }: RunOptions) => kubeconfig !== undefined;

/** Asks once for each right of all cases. */
async function lackingOf(kube: Kube, cases: readonly CaseDefinition[]): Promise<(rights: Rights) => Rights> {
  const lacked = new Set((await lackedRights(kube, cases.flatMap(rightsOf))).map(rightKey));
  return (rights) => leastRights(rights).filter((right) => lacked.has(rightKey(right)));
}

function settings({ options, folder }: ClusterRun) {
  const afterwards: Afterwards = isGiven(options) ? 'theirs' : options.keep ? 'kept' : 'destroyed';
  return {
    required: new Set(options.require),
    consent: consentOf(options),
    failFast: options.failFast,
    verbose: options.verbose,
    reporter: options.reporter,
    stateDir: folder,
    afterwards,
  };
}

/** Whether the cluster was there before this run, and is to be left as it was found. */
const isGiven = ({ kubeconfig, reuse }: RunOptions) => kubeconfig !== undefined || reuse;

function provide({ options, cni }: ClusterRun, frame: RunFrame): Promise<ProvidedCluster> {
  const { kubeconfig, context, agentImage, name, reuse, mesh, workers, zones, dualStack, images, registry } = options;
  if (kubeconfig !== undefined) {
    const spareHostPorts = !consentOf(options).has('host-ports');
    return provideExisting({ kubeconfig, context, agentImage, spareHostPorts }, frame);
  }
  if (reuse && name !== undefined) return provideKept(name, frame);
  return provideKind({ name, cni: cni ?? defaultCni, mesh, workers, zones, dualStack, images, registry }, frame);
}

async function takeDown(provided: ProvidedCluster, { options, progress }: ClusterRun): Promise<void> {
  if (isGiven(options)) return provided.destroy();
  if (options.keep) {
    await provided.cluster.kube.close();
    progress.note(`kept: export KUBECONFIG=${provided.kubeconfig}; \`ordeal clean\` removes it`);
    return;
  }
  await progress.step('destroy cluster', () => provided.destroy());
}
