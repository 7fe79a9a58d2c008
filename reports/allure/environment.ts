import type { EnvironmentInfo, ExecutorInfo } from 'allure-js-commons/sdk';
import type { RunRecord } from '../../harness/events/record.ts';
import { imageSourceOf, subjectOf } from '../subject.ts';

/** Returns what Allure shows as environment: host, cluster, nodes, features, images and their digests. */
export function environmentOf(run: RunRecord): EnvironmentInfo {
  const environment = run.environment;
  const base = { ordeal: run.ordeal, run: run.runId, 'image source': imageSourceOf(run) };
  if (environment === undefined) return base;
  const { cluster, host, images } = environment;
  return {
    ...base,
    ...prefixed('host', host),
    kubernetes: cluster.kubernetes,
    cni: `${cluster.cni} ${cluster.cniVersion}`,
    mesh: cluster.mesh === 'none' ? 'none' : `${cluster.mesh} ${cluster.meshVersion}`,
    provider: cluster.provider,
    ...prefixed('node', nodesOf(run)),
    ...prefixed('feature', featuresOf(run)),
    ...prefixed('image', images),
  };
}

/** Returns who made the results; the run id names the build, so that titles need not. */
export function executorOf(run: RunRecord): ExecutorInfo {
  return {
    name: `Ordeal ${run.ordeal}`,
    type: 'ordeal',
    buildName: run.runId,
    reportName: `Ordeal: ${subjectOf(run)}`,
  };
}

function nodesOf(run: RunRecord): Record<string, string> {
  const nodes = run.environment?.cluster.nodes ?? [];
  return Object.fromEntries(
    nodes.map(({ name, role, kernel, zone }) => [name, `${role}, kernel ${kernel}, zone ${zone}`]),
  );
}

function featuresOf(run: RunRecord): Record<string, string> {
  const features = run.environment?.features ?? [];
  return Object.fromEntries(
    features.map(({ feature, observed, evidence }) => [feature, `${observed ? 'yes' : 'no'}: ${evidence}`]),
  );
}

function prefixed(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix} ${name}`, value]));
}
