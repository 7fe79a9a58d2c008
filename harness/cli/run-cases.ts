import { startCases, type CaseResult } from '../case/engine.ts';
import type { Concurrency } from '../case/concurrency.ts';
import { isOfRun } from '../case/fixture.ts';
import { type Limits, notToRun } from '../case/needs.ts';
import type { Consent } from '../case/touches.ts';
import { reportThroughMocha } from '../case/mocha-bridge.ts';
import type { CaseDefinition } from '../case/types.ts';
import { openRunResources, type RunResources } from '../case/run-resources.ts';
import type { Feature } from '../../clusters/names.ts';
import type { Cluster } from '../cluster/types.ts';
import { describeError, OrdealError } from '../base/errors.ts';
import type { Emit } from '../events/types.ts';
import { sweepFaults } from '../fault/sweep.ts';
import { ProbeThrottle } from '../probe/probe-throttle.ts';
import type { FleetAgent } from '../probe/client.ts';
import { adopt, agentPodTemplate, startAgents } from '../probe/fleet.ts';
import type { Progress } from '../base/progress.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { Outages } from '../table/outages.ts';
import { podNetworkCase } from '../workload/pod-network.ts';
import { followCases } from './case-progress.ts';

/**
 * What becomes of the cluster: `destroyed` next, so nobody needs its namespaces gone; `kept` with what can be kept (grids), for a look
 * at it by `ordeal matrix --measure`; `theirs`, to be left as it was found.
 */
export type Afterwards = 'destroyed' | 'kept' | 'theirs';

export interface CasesRun {
  readonly cluster: Cluster;
  readonly cases: readonly CaseDefinition[];
  readonly timeouts: Timeouts;
  readonly runId: string;
  /** Where write-ahead records of faults are kept. */
  readonly stateDir: string;
  readonly concurrency: Concurrency;
  /** Features that the command line makes binding. */
  readonly required: ReadonlySet<Feature>;
  /** What may be disrupted. */
  readonly consent: Consent;
  /** What the account may not do, of the rights of cases. */
  readonly lacking: Limits['lacking'];
  readonly failFast: boolean;
  readonly verbose: boolean;
  /** A mocha reporter to tell the run through, beside Ordeal's own narration. */
  readonly reporter: string | undefined;
  readonly emit: Emit;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly afterwards: Afterwards;
  /** Collects logs; asked where a case did not pass, while what the run made is still there. */
  readonly explain: () => Promise<unknown>;
}

/** Opens what cases share, runs every case, and takes it all down again. */
export async function runCases(options: CasesRun): Promise<readonly CaseResult[]> {
  const { cluster, cases, progress, emit } = options;
  const { classify, deviations } = await knownOf(cluster);
  // Not one that fails at times only: hurried, it would.
  const knownFailure = (id: string) => classify(id, { outcome: 'passed' }).note === 'unexpected-pass';
  const connected = new Set<FleetAgent>();
  const over = new AbortController();
  const stopStarting = () => over.abort(new OrdealError('INTERRUPTED', 'the run is over'));
  const signal = AbortSignal.any([options.signal, over.signal]);
  const { required, consent, lacking } = options;
  const limits = { features: cluster.info.features, required, consent, lacking };
  const asked = cases.filter((one) => notToRun(one, limits) === undefined);
  const shared = [...new Set(asked.flatMap(({ uses }) => uses.filter(isOfRun)))].map(({ name }) => name);
  const clusterGoes = options.afterwards === 'destroyed';
  const setup = { ...resourceOptions({ ...options, signal }, connected), cases: asked, clusterGoes };
  const outages = new Outages(warnAlso(progress, emit));
  const open = () => openRunResources({ ...setup, stopStarting, knownFailure, deviations, emit, outages });
  const resources = await (shared.length > 0 ? progress.step(`start ${shared.join(', ')}`, open) : open());
  try {
    const judge = async (some: readonly CaseDefinition[], say: (status: string) => void) => {
      const run = startCases({
        cases: some,
        ...limits,
        openContext: resources.openContext,
        emit,
        classify,
        caseMs: options.timeouts.caseMs,
        unwindMs: options.timeouts.caseUnwindMs,
        concurrency: options.concurrency,
        failFast: options.failFast,
        signal: options.signal,
      });
      followCases(run, say, progress, options.verbose);
      if (options.reporter !== undefined) await reportThroughMocha(some, run, options.reporter);
      return run.done;
    };
    const judged = await progress.step(`run ${cases.length} cases`, async (say) => {
      const results = await judge(cases, say);
      const isTold = resources.podNetworks.areAllWell || cases.some(({ id }) => id === podNetworkCase.id);
      return isTold ? results : [...results, ...(await judge([podNetworkCase], say))];
    });
    if (judged.some(({ outcome }) => outcome === 'failed' || outcome === 'inconclusive')) await options.explain();
    return judged;
  } finally {
    stopStarting();
    await leave(options, resources).catch(warn(emit));
    // A connection to a pod that is gone may stay open at the API server, and would keep this process from ending.
    connected.forEach((agent) => agent.close());
  }
}

/** Where the cluster stays, faults a case could not take back are swept and namespaces removed. */
async function leave({ cluster, runId, progress, afterwards }: CasesRun, resources: RunResources): Promise<void> {
  if (afterwards === 'destroyed') return resources.close();
  const { nodeExec: exec, info } = cluster;
  const nodes = info.nodes.map(({ name }) => name);
  if (exec !== undefined) await sweepFaults({ exec, nodes, only: (record) => record?.runId === runId });
  const keep = afterwards === 'kept';
  await progress.step('remove namespaces of the run', () => resources.close({ keep }));
}

function resourceOptions(
  { cluster, runId, timeouts, concurrency, stateDir, consent, signal }: CasesRun,
  connected: Set<FleetAgent>,
) {
  const rows = ProbeThrottle.forCores(cluster.info.cpus);
  const fleet = { kube: cluster.kube, agentImage: cluster.agentImage, runId, timeouts, signal, rows };
  const keep = (agent: FleetAgent) => {
    connected.add(agent);
    return agent;
  };
  const driver = {
    start: async (specs: Parameters<typeof startAgents>[1]) => (await startAgents(fleet, specs)).map(keep),
    adopt: async (pod: Parameters<typeof adopt>[1]) => keep(await adopt(fleet, pod)),
    template: (spec: Parameters<typeof agentPodTemplate>[1]) => agentPodTemplate(fleet, spec),
  };
  return { cluster, runId, timeouts, stateDir, concurrency, consent, driver };
}

/** What is known of the cluster's CNI. */
async function knownOf({ info }: Cluster) {
  const { classifierOf, loadBaseline, deviationsOf } = await import('../baseline/baseline.ts');
  const baseline = await loadBaseline(info.cni);
  return { classify: classifierOf(baseline, info.cniVersion), deviations: deviationsOf(baseline, info.cniVersion) };
}

const warn = (emit: Emit) => (error: unknown) =>
  emit({ type: 'note', level: 'warning', message: describeError(error) });

/** What a reader of the report is to know, and whoever watches the run at once. */
const warnAlso = (progress: Pick<Progress, 'note'>, emit: Emit) => (message: string) => {
  progress.note(`! ${message}`);
  emit({ type: 'note', level: 'warning', message });
};
