import type { CaseRecord, CaseStatus, RunRecord } from '../harness/events/record.ts';
import { reasonOf, statusOf } from '../harness/events/record.ts';
import { duration, textTable } from './format.ts';
import type { Paint } from './paint.ts';

/**
 * What an area's table came to while a fault held. `held`: nobody noticed. `degraded`: what was lost is what the fault
 * explains, isolation held, and it recovered.
 */
export type UnderFaultVerdict = 'held' | 'degraded' | Exclude<CaseStatus, 'passed' | 'unexpected-pass'>;

/** One cell of the matrix of areas and faults. Times are absent where nothing was measured. */
export interface UnderFaultCell {
  readonly area: string;
  readonly fault: string;
  readonly verdict: UnderFaultVerdict;
  readonly downtimeMs?: number;
  readonly recoveryMs?: number;
  readonly reason?: string;
}

/** Cases of `--during` bear this tag; their variant is the fault. */
const tag = 'during';

/** Returns the cells of the matrix of areas and faults, fault by fault; none where no fault was held. */
export function underFault(run: RunRecord): UnderFaultCell[] {
  return run.cases.flatMap(underFaultOf);
}

/** Returns the cell that a case is; none for a case that holds no fault. */
export function underFaultOf(one: CaseRecord): UnderFaultCell[] {
  return one.tags.includes(tag) && one.variant !== '' ? [cellOf(one)] : [];
}

/** The same as a line for reports that list cases. */
export function underFaultLine(one: CaseRecord): string[] {
  return underFaultOf(one).map((cell) => `while the fault held: ${cellText(cell)}`);
}

function cellOf(one: CaseRecord): UnderFaultCell {
  const valueOf = (metric: string) => one.measures.find((measure) => measure.metric === metric)?.value;
  const [downtimeMs, recoveryMs] = [valueOf('under_fault.downtime'), valueOf('under_fault.recovery')];
  const status = statusOf(one);
  const passed = status === 'passed' || status === 'unexpected-pass';
  const unnoticed = downtimeMs === 0 && valueOf('under_fault.lost') === 0;
  return {
    ...{ area: one.area, fault: one.variant, verdict: passed ? (unnoticed ? 'held' : 'degraded') : status },
    ...(downtimeMs !== undefined && { downtimeMs }),
    ...(recoveryMs !== undefined && { recoveryMs }),
    ...(passed ? {} : { reason: reasonOf(one) }),
  };
}

/** Returns the matrix as rows of texts: a head with the areas, then a row for each fault. */
export function underFaultRows(cells: readonly UnderFaultCell[]): string[][] {
  const areas = [...new Set(cells.map(({ area }) => area))];
  const rows = [...Map.groupBy(cells, ({ fault }) => fault)].map(([fault, of]) => [
    fault,
    ...areas.map((area) => cellText(of.find((cell) => cell.area === area))),
  ]);
  return rows.length === 0 ? [] : [['fault', ...areas], ...rows];
}

/** Returns `degraded, down 1.2 s, back in 300 ms`. */
export function cellText(cell: UnderFaultCell | undefined): string {
  if (cell === undefined) return '-';
  const { verdict, downtimeMs = 0, recoveryMs = 0 } = cell;
  const down = downtimeMs > 0 ? [`down ${duration(downtimeMs)}`] : [];
  const back = recoveryMs > 0 ? [`back in ${duration(recoveryMs)}`] : [];
  return [verdict, ...down, ...back].join(', ');
}

/** Returns the matrix for the terminal, and how many cells came to what; nothing without cells. */
export function underFaultBlock(run: RunRecord, paint: Paint): string[] {
  const cells = underFault(run);
  const [head, ...rows] = underFaultRows(cells);
  if (head === undefined) return [];
  const counts = [...Map.groupBy(cells, ({ verdict }) => verdict)].map(([verdict, of]) => `${of.length} ${verdict}`);
  const table = textTable([head, ...rows].map(([first = '', ...rest]) => [`  ${first}`, ...rest]));
  return [`${paint('bold', 'While faults held')}  ${cells.length} cells: ${counts.join(', ')}\n${table}`];
}
