import type { Watch } from '../chaos/watch.ts';
import type { ProvidedCluster } from '../cluster/provider.ts';
import type { CommandEnd, CommandRecorder } from '../events/command-log.ts';
import type { Kube } from '../kube/types.ts';
import type { BudgetFile } from '../upgrade/budget.ts';
import type { Finding } from '../upgrade/check/finding.ts';
import { inspect } from '../upgrade/check/inspect.ts';
import { sessionNamespace } from '../upgrade/furnish.ts';
import { confirmPlan } from './confirm.ts';
import type { ClusterFrame } from './upgrade-cluster.ts';
import { quickSuite } from './upgrade-conformance.ts';

/** All that a run of `ordeal upgrade` or `ordeal watch` is given. */
export interface UpgradeRequest extends ClusterFrame {
  readonly budgets: BudgetFile;
  readonly watches: readonly Watch[];
}

/** On a cluster that is somebody's. @throws as `confirmPlan` does, before anything is created. */
export async function agreed(
  { cluster: { info } }: ProvidedCluster,
  { options, runId }: UpgradeRequest,
): Promise<void> {
  const { happening, yes, conformance: judges, suite } = options;
  const cases = suite.length > 0 ? `the cases ${suite.join(', ')}` : `${quickSuite.length} quick cases`;
  const plan = [
    `On ${info.name} (Kubernetes ${info.kubernetes}, ${info.cni}, ${info.nodes.length} nodes) this will, and take away after it:`,
    `  make namespace ${sessionNamespace(runId)}: two small pods on every node, two web pods, two Services (one NodePort),`,
    '  a PodDisruptionBudget and a NetworkPolicy, all in that namespace; send a few hundred small requests a second between them',
    ...(judges ? [`  judge the cluster by ${cases} before and after, in namespaces of their own`] : []),
    ...(happening.kind === 'command' ? [`  run: ${happening.argv.join(' ')}`] : []),
  ];
  await confirmPlan(plan, { yes });
}

/** Only looks, and creates nothing in the cluster. @throws KubeError. */
export async function checked(
  { cluster }: ProvidedCluster,
  request: UpgradeRequest,
  recorder: CommandRecorder,
): Promise<CommandEnd> {
  const findings = await found(cluster.kube, request, recorder);
  const critical = findings.filter(({ severity }) => severity === 'critical');
  const told = critical.map(({ object, what }) => `${object}: ${what}`);
  const reasons = told.length > 0 ? told : ['nothing critical was found; no traffic was sampled'];
  const [verdict, outcome] = told.length > 0 ? (['unsafe', 'failed'] as const) : (['safe', 'passed'] as const);
  recorder.event({ type: 'upgrade.verdict', verdict, reasons, budgets: {} });
  return { outcome, ...(outcome === 'failed' ? { reason: reasons.join('; ') } : {}) };
}

/** Looks for what an upgrade would stumble over, and logs it. @throws KubeError. */
export async function found(kube: Kube, { options }: UpgradeRequest, { event }: CommandRecorder): Promise<Finding[]> {
  const findings = await inspect(kube, { target: options.target });
  for (const finding of findings) event({ type: 'finding', ...finding });
  return findings;
}
