import { LabelName, Severity, Stage, Status } from 'allure-js-commons';
import type { Label, Link, Parameter, StepResult, TestResult } from 'allure-js-commons';
import { nameOf } from '../../harness/events/record.ts';
import type { CaseRecord, CaseStep, RunRecord } from '../../harness/events/record.ts';
import { escapeHtml } from '../escape.ts';
import { columnOf } from '../subject.ts';
import { cellText, underFaultOf } from '../under-fault.ts';
import { attachmentsOf } from './attachments.ts';
import { allureId, keyOf, uuidOf } from './identity.ts';
import { allureStatusOf } from './status.ts';

/**
 * Returns one case as an Allure test result. Name, fullName and ids come from the case alone (and the network, so that
 * Calico's history is not Cilium's): a new run is the next point of the same history.
 */
export function resultOf(run: RunRecord, one: CaseRecord): TestResult {
  const start = Date.parse(one.startedAt ?? run.startedAt);
  return {
    uuid: uuidOf(run.runId, keyOf(one)),
    name: one.variant === '' ? one.title : `${one.title} [${one.variant}]`,
    fullName: `ordeal.${one.area}.${nameOf(one)}`,
    testCaseId: allureId(keyOf(one)),
    historyId: allureId(keyOf(one), run.environment?.cluster.cni ?? '', run.environment?.cluster.mesh ?? ''),
    stage: Stage.FINISHED,
    ...allureStatusOf(one),
    ...(one.source === undefined ? {} : { descriptionHtml: `<p>Rule: ${escapeHtml(one.source)}</p>` }),
    start,
    stop: start + (one.result?.ms ?? 0),
    steps: one.steps.map((step) => stepOf(step, start)),
    attachments: attachmentsOf(run, one).map(({ name, type, source }) => ({ name, type, source })),
    parameters: parametersOf(run, one),
    labels: labelsOf(run, one),
    links: linksOf(one),
  };
}

function stepOf(step: CaseStep, caseStart: number): StepResult {
  const start = caseStart + step.startMs;
  const failed = step.error !== undefined;
  return {
    name: step.title,
    status: failed ? Status.FAILED : Status.PASSED,
    statusDetails: failed ? { message: step.error ?? '' } : {},
    stage: Stage.FINISHED,
    start: Math.round(start),
    stop: Math.round(start + step.ms),
    steps: [],
    attachments: [],
    parameters: [],
  };
}

function underFaultParameters(one: CaseRecord): Parameter[] {
  return underFaultOf(one).map((cell) => ({ name: 'while the fault held', value: cellText(cell) }));
}

/** Everything that changes from run to run is `excluded`, so that it never enters a test's identity. */
function parametersOf(run: RunRecord, one: CaseRecord): Parameter[] {
  const cluster = run.environment?.cluster;
  const volatile =
    cluster === undefined
      ? []
      : [
          { name: 'CNI version', value: cluster.cniVersion },
          { name: 'Kubernetes', value: cluster.kubernetes },
        ];
  return [
    { name: 'case', value: nameOf(one) },
    { name: 'CNI', value: cluster?.cni ?? 'none' },
    { name: 'mesh', value: cluster?.mesh ?? 'none' },
    ...[...volatile, ...underFaultParameters(one), ...one.parameters].map((parameter) => ({
      ...parameter,
      excluded: true,
    })),
  ];
}

function labelsOf(run: RunRecord, one: CaseRecord): Label[] {
  const severity = one.tier === 'core' ? Severity.CRITICAL : Severity.NORMAL;
  const label = (name: string, value: string): Label => ({ name, value });
  return [
    label(LabelName.EPIC, 'Kubernetes network conformance'),
    label(LabelName.FEATURE, one.area),
    label(LabelName.STORY, one.tags[0] ?? one.tier),
    label(LabelName.SEVERITY, severity),
    label(LabelName.PARENT_SUITE, columnOf(run)),
    label(LabelName.SUITE, one.area),
    label(LabelName.SUB_SUITE, one.tier),
    label(LabelName.PACKAGE, `suites.${one.area}`),
    label(LabelName.FRAMEWORK, 'ordeal'),
    ...[one.area, one.tier, ...one.tags, ...one.needs.map((need) => `needs:${need}`)].map((tag) =>
      label(LabelName.TAG, tag),
    ),
  ];
}

function linksOf(one: CaseRecord): Link[] {
  const url = /https?:\/\/\S+/.exec(one.source ?? '')?.[0];
  return url === undefined ? [] : [{ name: 'rule', url, type: 'link' }];
}
