import type { MetricDeclaration } from '../../harness/events/metric-declaration.ts';
import type { CaseHistogram, CaseMeasure, CaseRecord, RunRecord } from '../../harness/events/record.ts';
import { statusOf } from '../../harness/events/record.ts';

/** A finished log and the name its values go under. */
export interface NamedRun {
  readonly subject: string;
  /** Whether a person chose the name: then it goes before the subjects that a log names itself. */
  readonly chosen: boolean;
  readonly run: RunRecord;
}

/** One logged value (or histogram) of a metric that is compared. */
export interface Sample {
  readonly subject: string;
  readonly round: string;
  readonly area: string;
  readonly caseName: string;
  readonly metric: MetricDeclaration;
  /** Those that tell this metric from its namesakes. */
  readonly labels: Readonly<Record<string, string>>;
  readonly logged: CaseMeasure | CaseHistogram;
}

/** What came of reading logs: values, and in words what was left out. */
export interface Samples {
  readonly samples: readonly Sample[];
  readonly leftOut: readonly string[];
}

/** Returns the subjects of a log that holds rounds of several; none for a log that is one round of one. */
export function ownSubjects(run: RunRecord): string[] {
  return [...new Set(run.cases.flatMap((one) => parameterOf(one, 'subject') ?? []))];
}

/** Returns the name under which a subject of a log (`own`, where the log names any) is compared. */
export function subjectName({ subject, chosen, run }: NamedRun, own: string | undefined): string {
  if (own === undefined) return subject;
  if (!chosen) return own;
  return ownSubjects(run).length === 1 ? subject : `${subject} ${own}`;
}

/** Returns the parameter of a case by which a log of several subjects says whose it is (`subject`) and of which `round`. */
export function parameterOf(one: CaseRecord, name: 'subject' | 'round'): string | undefined {
  return one.parameters.find((parameter) => parameter.name === name)?.value;
}

/**
 * Returns the values of declared metrics. What an inconclusive case measured is left out: its tool broke. A log without
 * its own subjects and rounds is one round.
 */
export function samplesOf(runs: readonly NamedRun[], declared: readonly MetricDeclaration[]): Samples {
  const known = new Map(declared.map((metric) => [metric.name, metric]));
  const broken = runs.flatMap(({ run }) => run.cases.filter((one) => isBroken(one)));
  const samples = runs.flatMap((named) => named.run.cases.flatMap((one) => samplesOfCase(named, one, known)));
  return { samples, leftOut: [...brokenNote(broken), ...undeclaredNote(runs, known)] };
}

const isBroken = (one: CaseRecord): boolean =>
  statusOf(one) === 'inconclusive' && one.measures.length + one.histograms.length > 0;

function samplesOfCase(named: NamedRun, one: CaseRecord, known: ReadonlyMap<string, MetricDeclaration>): Sample[] {
  if (isBroken(one)) return [];
  const { runId } = named.run;
  const round = parameterOf(one, 'round');
  const subject = subjectName(named, parameterOf(one, 'subject'));
  const whose = { subject, round: round === undefined ? runId : `${runId} round ${round}` };
  return [...one.measures, ...one.histograms].flatMap((logged) => {
    const metric = known.get(logged.metric);
    if (metric?.unit !== logged.unit) return [];
    const labels = Object.fromEntries(metric.by.flatMap((name) => labelOf(logged.labels, name)));
    return [{ ...whose, area: one.area, caseName: one.id, metric, labels, logged }];
  });
}

function labelOf(labels: Readonly<Record<string, string>>, name: string): [string, string][] {
  const value = labels[name];
  return value === undefined ? [] : [[name, value]];
}

function brokenNote(broken: readonly CaseRecord[]): string[] {
  if (broken.length === 0) return [];
  const names = [...new Set(broken.map(({ id }) => id))];
  return [`left out, because its case was inconclusive: what ${names.join(', ')} measured`];
}

function undeclaredNote(runs: readonly NamedRun[], known: ReadonlyMap<string, MetricDeclaration>): string[] {
  const logged = runs.flatMap(({ run }) => run.cases.flatMap((one) => [...one.measures, ...one.histograms]));
  const names = [...new Set(logged.map(({ metric }) => metric))].filter((name) => !known.has(name)).sort();
  return names.length === 0 ? [] : [`not compared, because neither more nor less of it is better: ${names.join(', ')}`];
}
