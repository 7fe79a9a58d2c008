import type { z } from 'zod';
import type { CellTable } from './case-table.ts';
import type { BaselineNote, Command, LeftOut, Outcome, RunEvent, Selection } from './types.ts';

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
export type ClusterEvent = EventOf<'cluster'>;
export type PhaseEvent = EventOf<'phase'>;
export type StepEvent = EventOf<'step'>;
export type CaseStep = EventOf<'case.step'>;
export type CaseMeasure = EventOf<'case.measure'>;
export type CaseHistogram = EventOf<'case.histogram'>;
export type CaseAttachment = EventOf<'case.attachment'>;
export type FaultEvent = EventOf<'fault'>;
export type NoteEvent = EventOf<'note'>;
const upgradeTypes = ['lane', 'window', 'lane.seen', 'span', 'output', 'finding', 'upgrade.verdict'] as const;
/** What only `ordeal upgrade` and `ordeal watch` log. */
export type UpgradeEvent = EventOf<(typeof upgradeTypes)[number]>;

export function isUpgradeEvent(event: RunEvent): event is UpgradeEvent {
  return upgradeTypes.some((type) => type === event.type);
}

/** A table of a case, its cells by name. */
export interface CaseTable extends CellTable {
  readonly title: string;
}

interface CaseResult {
  readonly outcome: Outcome;
  readonly baseline: z.infer<typeof BaselineNote>;
  readonly reason?: string | undefined;
  readonly trace?: string | undefined;
  readonly ms: number;
}

/** `id` and `variant` together name a case within a run. */
export interface CaseRecord {
  readonly id: string;
  /** Empty for the plain case. */
  readonly variant: string;
  readonly title: string;
  readonly area: string;
  readonly tier: 'core' | 'extended';
  readonly tags: readonly string[];
  readonly needs: readonly string[];
  readonly source?: string | undefined;
  /** ISO time of `case.started`; absent when the case never started. */
  readonly startedAt?: string | undefined;
  readonly steps: readonly CaseStep[];
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  readonly measures: readonly CaseMeasure[];
  readonly histograms: readonly CaseHistogram[];
  readonly tables: readonly CaseTable[];
  readonly attachments: readonly CaseAttachment[];
  readonly faults: readonly FaultEvent[];
  /** Absent when the log ends before the case did. */
  readonly result?: CaseResult | undefined;
}

/** A whole log, folded. Cases keep the order in which they were planned. */
export interface RunRecord {
  readonly runId: string;
  readonly ordeal: string;
  readonly command: Command;
  readonly selection?: Selection | undefined;
  readonly argv: readonly string[];
  readonly imageSource: string;
  /** Cases that the run did not plan. */
  readonly leftOut?: readonly LeftOut[] | undefined;
  readonly startedAt: string;
  /** ISO time of the last event that could be read. */
  readonly endedAt: string;
  /** The first cluster of the run, as it was last described. */
  readonly environment?: ClusterEvent | undefined;
  /** Every description of every cluster, in order. */
  readonly clusters: readonly ClusterEvent[];
  readonly phases: readonly PhaseEvent[];
  readonly steps: readonly StepEvent[];
  readonly cases: readonly CaseRecord[];
  readonly faults: readonly FaultEvent[];
  readonly notes: readonly NoteEvent[];
  /** In the order in which they were logged; empty for other commands. */
  readonly upgrade: readonly UpgradeEvent[];
  /** `run.finished`; absent when the log is torn: the run was killed, or is still going. */
  readonly finished?:
    { readonly exitCode: number; readonly ms: number; readonly error?: string | undefined } | undefined;
}

/**
 * What a case came to, in the one word every report uses. A case that started and never finished is `inconclusive`;
 * one that was planned and never started is `not-run`.
 */
export type CaseStatus = Outcome | 'known-failure' | 'unexpected-pass' | 'not-run';

export function statusOf(record: CaseRecord): CaseStatus {
  const { result } = record;
  if (result === undefined) return record.startedAt === undefined ? 'not-run' : 'inconclusive';
  if (result.outcome === 'failed' && result.baseline === 'known-failure') return 'known-failure';
  if (result.outcome === 'passed' && result.baseline === 'unexpected-pass') return 'unexpected-pass';
  return result.outcome;
}

/** Returns the name a reader is shown: the id, and the variant where there is one. */
export function nameOf({ id, variant }: Pick<CaseRecord, 'id' | 'variant'>): string {
  return variant === '' ? id : `${id} [${variant}]`;
}

/** Returns the reason a reader is shown for anything but a plain pass. */
export function reasonOf(record: CaseRecord): string {
  if (record.result === undefined) {
    return record.startedAt === undefined
      ? 'the run ended before this case was started'
      : 'the run ended while this case was running';
  }
  return record.result.reason ?? (record.result.outcome === 'passed' ? '' : 'no reason was recorded');
}

/** Cases that were put to the network and judged: passed or failed, known failures included. */
export function executedCases(run: RunRecord): CaseRecord[] {
  return run.cases.filter(({ result }) => result?.outcome === 'passed' || result?.outcome === 'failed');
}
