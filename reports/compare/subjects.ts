import type { CaseRecord, ClusterEvent, RunRecord } from '../../harness/events/record.ts';
import { reasonOf, statusOf } from '../../harness/events/record.ts';
import { plural } from '../format.ts';
import type { Subject } from './model.ts';
import { type NamedRun, ownSubjects, parameterOf, subjectName } from './samples.ts';

/** Facts by which machines are told apart. */
const hostFacts = ['system', 'kernel', 'cores', 'memory'] as const;

/** Returns what is compared, in the order in which runs name it: also what left no values behind. */
export function subjectsOf(runs: readonly NamedRun[]): Subject[] {
  const parts = runs.flatMap((named) => {
    const own = ownSubjects(named.run);
    return (own.length === 0 ? [undefined] : own).map((id) => ({ name: subjectName(named, id), run: named.run, id }));
  });
  return [...Map.groupBy(parts, ({ name }) => name)].map(([name, own]) => subjectOf(name, own));
}

interface Part {
  readonly run: RunRecord;
  /** Which of the log's own subjects; absent where the whole log is of one. */
  readonly id: string | undefined;
}

function subjectOf(name: string, parts: readonly Part[]): Subject {
  const clusters = parts.flatMap(({ run, id }) => clusterOf(run, id) ?? []);
  return {
    name,
    network: [...new Set(clusters.map(networkOf))].join('; ') || 'unknown: no cluster was described',
    nodes: Math.max(0, ...clusters.map(({ cluster }) => cluster.nodes.length)),
    host: clusters.at(-1)?.host ?? {},
    runs: parts.map(({ run: { runId, startedAt, command, argv } }) => ({ runId, startedAt, command, argv: [...argv] })),
    remarks: [...new Set(parts.flatMap(({ run, id }) => remarksOf(run, id)))],
  };
}

/** Returns whether all subjects were measured on one machine, by what the logs tell of it. */
export function onSameHost(subjects: readonly Subject[]): boolean {
  const facts = subjects.map(({ host }) => hostFacts.map((fact) => host[fact] ?? 'unknown').join(', '));
  return new Set(facts).size <= 1;
}

function clusterOf(run: RunRecord, id: string | undefined): ClusterEvent | undefined {
  return id === undefined ? run.environment : run.clusters.findLast((one) => one.id === id);
}

function networkOf({ cluster }: ClusterEvent): string {
  const mesh = cluster.mesh === 'none' ? [] : [`${cluster.mesh} ${cluster.meshVersion}`];
  return [`${cluster.cni} ${cluster.cniVersion}`, ...mesh, `Kubernetes ${cluster.kubernetes}`].join(', ');
}

function remarksOf(run: RunRecord, subject: string | undefined): string[] {
  const torn = run.finished === undefined ? [`${run.runId} has no end: it was killed, or is still going`] : [];
  const error =
    subject === undefined && run.finished?.error !== undefined ? [`${run.runId}: ${run.finished.error}`] : [];
  return [...torn, ...error, ...(subject === undefined ? [] : unsound(run, subject))];
}

/** Cases of a comparison that gave no figures, by name, with how many rounds it was so. */
function unsound(run: RunRecord, subject: string): string[] {
  const bad = (one: CaseRecord) => parameterOf(one, 'subject') === subject && statusOf(one) !== 'passed';
  const told = run.cases.filter(bad).map((one) => ({ one, said: `${one.id}: ${statusOf(one)}, ${reasonOf(one)}` }));
  return [...Map.groupBy(told, ({ said }) => said)].map(([said, all]) => {
    const rounds = all.filter(({ one }) => parameterOf(one, 'round') !== undefined).length;
    return rounds === 0 ? said : `${said} (${plural(rounds, 'round')})`;
  });
}
