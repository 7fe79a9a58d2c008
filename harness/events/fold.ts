import { cellTable } from './case-table.ts';
import {
  type CaseRecord,
  type ClusterEvent,
  type FaultEvent,
  isUpgradeEvent,
  type NoteEvent,
  type PhaseEvent,
  type RunRecord,
  type StepEvent,
  type UpgradeEvent,
} from './record.ts';
import type { RunEvent } from './types.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };
type Start = Extract<RunEvent, { type: 'run.started' }>;
type CaseEvent = Extract<RunEvent, { type: `case.${string}` }>;
type RunLevelEvent = Exclude<RunEvent, CaseEvent | Start | UpgradeEvent>;

interface Draft {
  readonly start: Start;
  readonly cases: Map<string, Mutable<CaseRecord>>;
  readonly clusters: ClusterEvent[];
  readonly phases: PhaseEvent[];
  readonly steps: StepEvent[];
  readonly faults: FaultEvent[];
  readonly notes: NoteEvent[];
  readonly upgrade: UpgradeEvent[];
  finished?: RunRecord['finished'];
  endedAt: string;
}

/** Folds events into a record one by one; `record()` may be asked for at any time, also before the run is over. */
export interface Folder {
  add(event: RunEvent): void;
  record(): RunRecord;
}

/** Returns a folder that begins with the run's first event. */
export function folderOf(start: Start): Folder {
  const lists = { clusters: [], phases: [], steps: [], faults: [], notes: [], upgrade: [] };
  const draft: Draft = { start, cases: new Map(), ...lists, endedAt: start.at };
  return { add: (event) => addTo(draft, event), record: () => recordOf(draft) };
}

function addTo(draft: Draft, event: RunEvent): void {
  draft.endedAt = event.at;
  if (event.type === 'run.started') return;
  if (isUpgradeEvent(event)) draft.upgrade.push(event);
  else if (isCaseEvent(event)) addToCase(caseOf(draft, event), event);
  else addToRun(draft, event);
}

function isCaseEvent(event: RunEvent): event is CaseEvent {
  return event.type.startsWith('case.');
}

function addToRun(draft: Draft, event: RunLevelEvent): void {
  switch (event.type) {
    case 'cluster':
      draft.clusters.push(event);
      return;
    case 'phase':
      draft.phases.push(event);
      return;
    case 'step':
      draft.steps.push(event);
      return;
    case 'note':
      draft.notes.push(event);
      return;
    case 'run.finished':
      draft.finished = { exitCode: event.exitCode, ms: event.ms, error: event.error };
      return;
    case 'fault':
      draft.faults.push(event);
      if (event.caseId !== undefined)
        draft.cases.get(keyOf({ id: event.caseId, variant: event.variant }))?.faults.push(event);
  }
}

function addToCase(record: Mutable<CaseRecord>, event: CaseEvent): void {
  switch (event.type) {
    case 'case.planned':
      Object.assign(record, plannedFields(event));
      return;
    case 'case.started':
      record.startedAt = event.at;
      return;
    case 'case.finished':
      record.result = resultOf(event);
      return;
    default:
      addDetail(record, event);
  }
}

type Detail = Exclude<CaseEvent, { type: 'case.planned' | 'case.started' | 'case.finished' }>;

function addDetail(record: Mutable<CaseRecord>, event: Detail): void {
  switch (event.type) {
    case 'case.step':
      record.steps.push(event);
      return;
    case 'case.parameter':
      record.parameters.push({ name: event.name, value: event.value });
      return;
    case 'case.measure':
      record.measures.push(event);
      return;
    case 'case.histogram':
      record.histograms.push(event);
      return;
    case 'case.table':
      record.tables.push({ title: event.title, ...cellTable(event) });
      return;
    case 'case.attachment':
      record.attachments.push(event);
  }
}

function plannedFields(event: Extract<RunEvent, { type: 'case.planned' }>): Partial<CaseRecord> {
  const { title, area, tier, tags, needs, source } = event;
  return { title, area, tier, tags, needs, source };
}

function resultOf(event: Extract<RunEvent, { type: 'case.finished' }>): CaseRecord['result'] {
  const { outcome, baseline, reason, trace, ms } = event;
  return { outcome, baseline, reason, trace, ms };
}

/** Neither part holds a line break. */
const keyOf = ({ id, variant = '' }: { id: string; variant?: string | undefined }) => `${id}\n${variant}`;

/** A case nobody planned still gets a place: a report of an odd log is worth more than none. */
function caseOf(draft: Draft, event: CaseEvent): Mutable<CaseRecord> {
  const { id, variant = '' } = event;
  const known = draft.cases.get(keyOf(event));
  if (known !== undefined) return known;
  const told = { steps: [], parameters: [], measures: [], histograms: [], tables: [], attachments: [], faults: [] };
  const lists = { tags: [], needs: [], ...told };
  const fresh: Mutable<CaseRecord> = { id, variant, title: id, area: id.split('-', 1).join(), tier: 'core', ...lists };
  draft.cases.set(keyOf(event), fresh);
  return fresh;
}

function recordOf(draft: Draft): RunRecord {
  const { start, cases, ...rest } = draft;
  const { runId, ordeal, command, selection, argv, imageSource, leftOut, at: startedAt } = start;
  const begun = { runId, ordeal, command, selection, argv, imageSource, leftOut, startedAt };
  const first = rest.clusters[0]?.id;
  const environment = rest.clusters.findLast(({ id }) => id === first);
  return { ...begun, ...rest, environment, cases: [...cases.values()] };
}
