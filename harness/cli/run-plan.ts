import { planConcurrency } from '../case/concurrency.ts';
import { type Footprint, footprintOf } from '../case/footprint.ts';
import { rightsOf, rightsOfRun } from '../case/rights.ts';
import type { CaseDefinition } from '../case/types.ts';
import { indispensable, lackedRights } from '../cluster/access.ts';
import { type ClusterFacts, readFacts } from '../cluster/facts.ts';
import { clock } from '../base/progress-line.ts';
import { describeRights, leastRights, rightKey, type Rights } from '../kube/rights.ts';
import { connect, contextOf } from '../kube/connect.ts';
import { consentOf } from './consent.ts';
import { estimateMs, pastTimes } from './past-runs.ts';
import type { RunOptions } from './run-options.ts';

/** What a plan is told of. */
interface Planned {
  readonly context: string;
  readonly server: string;
  readonly facts: ClusterFacts;
  readonly footprint: Footprint;
  readonly lacking: Rights;
  /** How long it takes, in words. */
  readonly time: string;
}

/**
 * Returns what a run of these cases would do on the cluster of a kubeconfig, a line each. Nothing is created: it looks at
 * nodes and workloads, and asks what this account may. @throws OrdealError USAGE (kubeconfig), KubeError.
 */
export async function planOnCluster(
  options: RunOptions & { readonly kubeconfig: string },
  cases: readonly CaseDefinition[],
): Promise<string[]> {
  const where = await contextOf(options.kubeconfig, options.context);
  const kube = await connect(options.kubeconfig, options.context);
  try {
    const facts = await readFacts(kube);
    const consent = consentOf(options);
    const concurrency = planConcurrency(options.concurrency, facts, cases);
    const footprint = footprintOf(cases, { nodes: facts.nodes, consent, concurrency });
    const lacking = await lackedRights(kube, rightsOfRun(footprint.cases));
    return planLines({ ...where, facts, footprint, lacking, time: await expectedTime(footprint.cases) });
  } finally {
    await kube.close();
  }
}

/** Returns what a run that makes its clusters would do, a line each. */
export async function planOfMaking(options: RunOptions, cases: readonly CaseDefinition[]): Promise<string[]> {
  const { cni, mesh, workers, images, keep, reuse, name } = options;
  const takes = `takes: ${await expectedTime(cases)}, each cluster`;
  if (reuse) return [`plan: on the kept kind cluster ${name ?? ''}, as it is`, `  ${takes}`];
  const which = cni.map((one) => (mesh === 'none' ? one : `${one} with ${mesh}`)).join(', then ');
  const afterwards = keep ? 'left afterwards' : 'removed afterwards';
  return [
    `plan: a kind cluster ${name ?? 'of its own name'} of ${workers + 1} nodes with ${which}, ${afterwards}`,
    `  images: ${images}`,
    `  ${takes}`,
  ];
}

/** Exported for its test. */
export function planLines({ context, server, facts, footprint, lacking, time }: Planned): string[] {
  const { kubernetes, cni, cniVersion, mesh } = facts;
  const meshed = mesh === 'none' ? '' : `, mesh ${mesh}`;
  return [
    `plan: context ${context} (${server}), Kubernetes ${kubernetes}, network ${cni} ${cniVersion}${meshed}`,
    `  nodes: ${nodesLine(facts.nodes)}`,
    `  makes: namespaces ord-*, ${footprint.pods} pods that stay during the run and those of ${footprint.casesAtOnce} cases at a time; removed at the end`,
    ...touchesLines(footprint),
    `  rights: ${rightsLine(footprint.cases, lacking)}`,
    `  takes: ${time}`,
  ];
}

/** A cluster may have hundreds. */
const namedNodes = 8;

function nodesLine(nodes: ClusterFacts['nodes']): string {
  const [taken, left] = [true, false].map((open) => nodes.filter(({ schedulable }) => schedulable === open));
  const named = (some: ClusterFacts['nodes'] = []) => {
    const names = some.slice(0, namedNodes).map(({ name }) => name);
    return `${some.length}${names.length === 0 ? '' : ` (${names.join(', ')}${some.length > namedNodes ? ', ...' : ''})`}`;
  };
  const closed = (left ?? []).length === 0 ? '' : `; cordoned or tainted: ${named(left)}`;
  return `${named(taken)} take pods${closed}`;
}

function rightsLine(cases: Footprint['cases'], lacking: Rights): string {
  const all = rightsOfRun(cases);
  if (lacking.length === 0) return `this account has all ${all.length} that are used (\`ordeal rights\` lists them)`;
  const keys = new Set(lacking.map(rightKey));
  const refuses = indispensable.some((right) => keys.has(rightKey(right)));
  const without = cases.filter((one) => leastRights(rightsOf(one)).some((right) => keys.has(rightKey(right)))).length;
  const so = refuses ? 'so that nothing can be run' : `so that ${without} cases end inconclusive`;
  return `this account LACKS ${describeRights(lacking)}, ${so}`;
}

function touchesLines({ disturbed, notAllowed }: Footprint): string[] {
  const skipped = notAllowed.length === 0 ? '' : `; ${notAllowed.length} cases skipped for want of --allow-disruption`;
  if (disturbed.size === 0) return [`  touches: nothing of others${skipped}`];
  const each = [...disturbed].map(([kind, what]) => `    ${kind}: ${what.join('; ')}`);
  return [`  touches what is not its own, as --allow-disruption says${skipped}:`, ...each];
}

/** Returns how long the cases will take, as far as an earlier run here tells. */
export async function expectedTime(cases: readonly Pick<CaseDefinition, 'id'>[]): Promise<string> {
  const times = await pastTimes();
  const count = `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}`;
  if (times === undefined) return `${count}; no earlier run here tells how long they take`;
  const ms = estimateMs(
    cases.map(({ id }) => id),
    times,
  );
  return `${count}, about ${clock(ms)} min without making the cluster, by ${times.run}`;
}
