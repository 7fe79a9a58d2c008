import { stringify } from 'yaml';
import { setupFailed } from '../harness/events/exit-code.ts';
import { nameOf, reasonOf, statusOf } from '../harness/events/record.ts';
import type { CaseRecord, RunRecord, CaseStatus } from '../harness/events/record.ts';
import { ConformanceReport } from './conformance-schema.ts';
import type { Level } from './conformance-schema.ts';
import { canNarrow, imageSourceOf, isSelection, reproduceCommand } from './subject.ts';
import { byArea, casesOf, countStandings } from './tally.ts';
import { underFault } from './under-fault.ts';
import { runConclusion } from './verdict.ts';

/** Returns the conformance report as YAML; the same log gives the same text. */
export function conformanceYaml(run: RunRecord): string {
  return stringify(conformanceReport(run), { lineWidth: 0 });
}

/** Returns the conformance report, checked against its own schema. */
function conformanceReport(run: RunRecord): ConformanceReport {
  const { word, because, exitCode } = runConclusion(run);
  const failed = casesOf(run, 'failed', 'inconclusive').map((one) => one.id);
  const cells = underFault(run);
  return ConformanceReport.parse({
    apiVersion: 'ordeal.dev/v1',
    kind: 'ConformanceReport',
    date: run.endedAt,
    mode: modeOf(run),
    leftOut: run.leftOut,
    verdict: `${word}: ${because}`,
    exitCode,
    run: run.runId,
    ordeal: run.ordeal,
    subject: subject(run),
    setupError: setupFailed(run) ? because : undefined,
    profiles: profiles(run),
    underFault: cells.length === 0 ? undefined : cells,
    ...featuresOf(run),
    knownFailures: casesOf(run, 'known-failure').map(withReason),
    unexpectedPasses: casesOf(run, 'unexpected-pass').map(withReason),
    images: run.environment?.images ?? {},
    reproduce: [reproduceCommand(run), ...(failed.length > 0 && canNarrow(run) ? [reproduceCommand(run, failed)] : [])],
  });
}

function modeOf(run: RunRecord): ConformanceReport['mode'] {
  if (isSelection(run)) return 'selection';
  return (run.leftOut ?? []).length === 0 ? 'complete' : 'default';
}

function subject(run: RunRecord): ConformanceReport['subject'] {
  const cluster = run.environment?.cluster;
  if (cluster === undefined) return undefined;
  return {
    cni: cluster.cni,
    version: cluster.cniVersion,
    kubernetes: cluster.kubernetes,
    kernel: [...new Set(cluster.nodes.map((node) => node.kernel))].join(', '),
    mesh: cluster.mesh,
    meshVersion: cluster.mesh === 'none' ? undefined : cluster.meshVersion,
    provider: cluster.provider,
    nodes: cluster.nodes.length,
    imageSource: imageSourceOf(run),
  };
}

function profiles(run: RunRecord): ConformanceReport['profiles'] {
  return [...byArea(run.cases)].map(([name, cases]) => ({
    name,
    core: level(cases.filter((one) => one.tier === 'core')),
    extended: level(cases.filter((one) => one.tier === 'extended')),
  }));
}

function level(cases: readonly CaseRecord[]): Level | undefined {
  if (cases.length === 0) return undefined;
  const of = (...wanted: CaseStatus[]): CaseRecord[] => cases.filter((one) => wanted.includes(statusOf(one)));
  return {
    result: resultOf(cases),
    statistics: statistics(cases),
    failedCases: ids(of('failed', 'known-failure')),
    inconclusiveCases: ids(of('inconclusive')),
    unsupportedCases: groups(of('unsupported')),
    skippedCases: groups(of('skipped', 'not-run')),
  };
}

function resultOf(cases: readonly CaseRecord[]): Level['result'] {
  const found = cases.map(statusOf);
  if (found.includes('failed')) return 'failure';
  return found.every((status) => status === 'passed' || status === 'unexpected-pass') ? 'success' : 'partial';
}

function statistics(cases: readonly CaseRecord[]): Level['statistics'] {
  const counts = countStandings(cases);
  return {
    passed: counts.passed + counts['unexpected-pass'],
    failed: counts.failed + counts['known-failure'],
    inconclusive: counts.inconclusive,
    unsupported: counts.unsupported,
    skipped: counts.skipped + counts['not-run'],
  };
}

function ids(cases: readonly CaseRecord[]): string[] | undefined {
  return cases.length === 0 ? undefined : cases.map(nameOf);
}

function groups(cases: readonly CaseRecord[]): Level['skippedCases'] {
  if (cases.length === 0) return undefined;
  const grouped = Map.groupBy(cases, reasonOf);
  return [...grouped].map(([reason, members]) => ({ reason, cases: members.map(nameOf) }));
}

type Features = Pick<
  ConformanceReport,
  'supportedFeatures' | 'unsupportedFeatures' | 'undeterminedFeatures' | 'requiredFeatures'
>;

function featuresOf(run: RunRecord): Features {
  const features = run.environment?.features ?? [];
  const found = (observed: false | 'undetermined') =>
    features
      .filter((one) => one.observed === observed)
      .map(({ feature, declared, evidence }) => ({ feature, declared: String(declared), evidence }));
  return {
    supportedFeatures: features.filter((one) => one.observed === true).map((one) => one.feature),
    unsupportedFeatures: found(false),
    undeterminedFeatures: found('undetermined'),
    requiredFeatures: features.filter((one) => one.required === true).map((one) => one.feature),
  };
}

function withReason(one: CaseRecord): { case: string; reason: string } {
  return { case: nameOf(one), reason: reasonOf(one) };
}
