import type { CaseRecord, RunRecord } from '../../harness/events/record.ts';
import { uuidOf } from './identity.ts';

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

/** Returns what a case attached, and its measurements as a table, each with its file. */
export function attachmentsOf(run: RunRecord, one: CaseRecord): AttachmentFile[] {
  const measures = one.measures.length === 0 ? [] : [{ name: 'measurements', mime: 'text/csv', content: csvOf(one) }];
  const faults = one.faults.length === 0 ? [] : [{ name: 'faults', mime: 'text/plain', content: faultLines(one) }];
  return [...one.attachments, ...measures, ...faults].map(({ name, mime, content }, index) => ({
    name,
    type: mime,
    source: `${uuidOf(run.runId, one.id, String(index))}-attachment.${extensions[mime] ?? 'bin'}`,
    content,
  }));
}

function csvOf(one: CaseRecord): string {
  const rows = one.measures.map(({ name, value, unit, labels }) => {
    const said = Object.entries(labels).map(([key, label]) => `${key}=${label}`);
    return [name, String(value), unit, said.join(' ')].map(csvCell).join(',');
  });
  return ['name,value,unit,labels', ...rows, ''].join('\n');
}

function csvCell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function faultLines(one: CaseRecord): string {
  return one.faults.map(({ at, fault, phase, detail }) => `${at}  ${fault}  ${phase}  ${detail}\n`).join('');
}
