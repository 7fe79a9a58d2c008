import type { CaseRecord, CaseTable, RunRecord } from '../../harness/events/record.ts';
import { csv, tableCsv } from '../csv.ts';
import { faultLine } from '../faults.ts';
import { latenciesOfCase, latencyLine } from '../latencies.ts';
import { isDeviant } from '../table-grid.ts';
import { tableText } from '../table-text.ts';
import { keyOf, uuidOf } from './identity.ts';

export interface AttachmentFile {
  readonly name: string;
  readonly type: string;
  /** File name inside allure-results. */
  readonly source: string;
  readonly content: string;
}

const extensions: Readonly<Record<string, string>> = {
  'text/plain': 'txt',
  'application/json': 'json',
  'text/yaml': 'yaml',
  'text/csv': 'csv',
  'image/svg+xml': 'svg',
};

/** Returns what a case attached, its tables as text, those that show a fault also as CSV, and what it measured. */
export function attachmentsOf(run: RunRecord, one: CaseRecord): AttachmentFile[] {
  const measures = one.measures.length === 0 ? [] : [{ name: 'measurements', mime: 'text/csv', content: csvOf(one) }];
  const latencies = latenciesOfCase(one).map(latencyLine);
  const percentiles =
    latencies.length === 0 ? [] : [{ name: 'latencies', mime: 'text/plain', content: latencies.join('\n') }];
  const faults = one.faults.length === 0 ? [] : [{ name: 'faults', mime: 'text/plain', content: faultLines(one) }];
  return [...one.tables.flatMap(tableFiles), ...one.attachments, ...measures, ...percentiles, ...faults].map(
    ({ name, mime, content }, index) => ({
      name,
      type: mime,
      source: `${uuidOf(run.runId, keyOf(one), String(index))}-attachment.${extensions[mime] ?? 'bin'}`,
      content,
    }),
  );
}

function tableFiles(table: CaseTable): { name: string; mime: string; content: string }[] {
  const text = { name: `table ${table.title}`, mime: 'text/plain', content: tableText(table) };
  return isDeviant(table) ? [text, { ...text, mime: 'text/csv', content: tableCsv(table) }] : [text];
}

function csvOf(one: CaseRecord): string {
  const rows = one.measures.map(({ metric, value, unit, labels }) => {
    const said = Object.entries(labels).map(([key, label]) => `${key}=${label}`);
    return [metric, String(value), unit, said.join(' ')];
  });
  return csv([['metric', 'value', 'unit', 'labels'], ...rows]);
}

function faultLines(one: CaseRecord): string {
  return one.faults.map((fault) => `${faultLine(fault)}\n`).join('');
}
