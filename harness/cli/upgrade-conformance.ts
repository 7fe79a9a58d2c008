import { join } from 'node:path';
import { ExitCode } from '../base/errors.ts';
import { loadRun } from '../events/reader.ts';
import { nameOf, type RunRecord, statusOf } from '../events/record.ts';
import { runOne } from './one-run.ts';
import { parseRunOptions } from './run-options.ts';

/** Judged in a minute or two: every way through the cluster once, and that policies hold. */
export const quickSuite: readonly string[] = [
  'connectivity-pod-to-pod-same-node-tcp',
  'connectivity-pod-to-pod-other-node-tcp',
  'connectivity-pod-to-pod-other-node-udp',
  'connectivity-new-pod',
  'dns-cluster-name',
  'dns-service-address',
  'services-cluster-ip-every-node',
  'services-node-port-from-pods',
  'services-endpoint-added',
  'services-kubernetes-api',
  'networkpolicy-e2e-default-deny-ingress',
  'networkpolicy-e2e-match-labels-pods',
];

/** What conformance was, and why nothing is known of it where nothing is. */
export interface Conformance {
  readonly run: RunRecord | undefined;
  readonly trouble: string | undefined;
}

/** The cluster that is judged, and by which cases. */
export interface Subject {
  readonly kubeconfig: string;
  readonly context: string | undefined;
  readonly agentImage: string;
  /** Patterns of cases; none: the quick suite. */
  readonly suite: readonly string[];
  readonly timeouts: string | undefined;
}

/** Judges the cluster by the chosen cases, as `ordeal run --kubeconfig` does, into a folder of its own. */
export async function conformance(
  when: 'before' | 'after',
  { suite, ...subject }: Subject,
  folder: string,
  signal: AbortSignal,
): Promise<Conformance> {
  const out = join(folder, when);
  const include = suite.length > 0 ? [...suite] : [...quickSuite];
  const given = { ...subject, out, quiet: true, collectLogs: 'none', include };
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { exitCode } = await runOne({ ...parseRunOptions(known), several: false }, undefined, signal);
  const run = await loadRun(out).catch(() => undefined);
  if (exitCode === ExitCode.conforms || exitCode === ExitCode.doesNotConform) return { run, trouble: undefined };
  return { run, trouble: `conformance ${when} is not known in full: the run in ${out} ended with ${exitCode}` };
}

/** Cases that changed, by name, and how many of each status there were. */
export interface Changes {
  readonly before: Record<string, number>;
  readonly after: Record<string, number>;
  /** Passed before, failed after. */
  readonly worse: string[];
  /** Failed before, passed after. */
  readonly better: string[];
  readonly failedBoth: string[];
}

export function changesBetween(before: RunRecord, after: RunRecord): Changes {
  const was = new Map(before.cases.map((one) => [nameOf(one), statusOf(one)]));
  const now = after.cases.map((one) => ({ name: nameOf(one), before: was.get(nameOf(one)), after: statusOf(one) }));
  const named = (from: string, to: string) =>
    now.filter((one) => one.before === from && one.after === to).map(({ name }) => name);
  return {
    ...{ before: countsOf(before), after: countsOf(after) },
    ...{ worse: named('passed', 'failed'), better: named('failed', 'passed'), failedBoth: named('failed', 'failed') },
  };
}

function countsOf({ cases }: RunRecord): Record<string, number> {
  const groups = Map.groupBy(cases, statusOf);
  return Object.fromEntries([...groups].map(([status, members]) => [status, members.length]));
}
