import type { CaseAttachment, CaseRecord } from '../harness/events/record.ts';

/** Attachments a person can read as text. */
export function isText({ mime }: CaseAttachment): boolean {
  return mime.startsWith('text/') || mime === 'application/json';
}

/**
 * Returns the table that shows expected against measured, if the case attached one: of the last attachment that speaks
 * of tables (the step that failed comes last), the paragraph headed `diff`, or all of it.
 */
export function diffOf(one: CaseRecord): string | undefined {
  const tables = one.attachments.filter((each) => each.mime === 'text/plain' && /\b(diff|tables?)\b/i.test(each.name));
  const last = tables.at(-1)?.content;
  return last?.split(/\n{2,}/).find((part) => /^diff\b/.test(part)) ?? last;
}
