import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import semver from 'semver';
import { parse } from 'yaml';
import { z } from 'zod';
import { baselinesRoot } from '../base/paths.ts';
import { OrdealError } from '../base/errors.ts';
import type { BaselineNote, Outcome } from '../events/types.ts';
import { Deviation } from './deviations.ts';

const link = z.url().describe('issue, documentation or release note that says so');
const versions = z.string().refine((range) => semver.validRange(range) !== null, 'a semver range, as ">=1.19 <1.21"');

const pattern = z.string().refine(isPattern, 'a regular expression');

/** How a known failure is told from any other failure of the same case. */
const Signature = z.union([
  z.strictObject({ reason: pattern.describe('must match the reason of the failure') }),
  z.strictObject({ cells: z.literal('deviations').describe('`deviations` must explain every cell of the failure') }),
]);

const Entry = z.strictObject({
  case: z.string().regex(/^[a-z0-9*?-]+$/, 'an id glob: lower-case letters, digits, dashes, * and ?'),
  expected: z.enum(['failed', 'sometimes-failed']).describe('sometimes: it depends on timing, so a pass is no news'),
  reason: z.string().min(1).describe('what the CNI does instead, in one sentence'),
  link,
  versions,
  signature: Signature,
});

/**
 * What is known of one CNI: cases that fail on it, why, in which of its versions, and by what the failure is known: a
 * pattern of its reason, or `deviations`, how the CNI reads policies, which then must explain every cell.
 */
export const Baseline = z.strictObject({
  cni: z.string(),
  deviations: z.array(z.strictObject({ deviation: Deviation, link, versions })).optional(),
  entries: z.array(Entry),
});
export type Baseline = z.infer<typeof Baseline>;

export interface Classification {
  readonly note: z.infer<typeof BaselineNote>;
  /** The baseline's reason and link, where an entry applies. */
  readonly reason?: string;
}

/** Returns how a CNI of this version is known to read policies. */
export function deviationsOf({ deviations = [] }: Baseline, version: string): Deviation[] {
  return deviations.filter((one) => isInRange(version, one.versions)).map(({ deviation }) => deviation);
}

/**
 * Returns the baseline of a CNI; an empty one for a CNI nobody keeps one for. @throws OrdealError USAGE naming file and field when
 * the file is malformed or is another CNI's.
 */
export async function loadBaseline(cni: string, folder: URL = pathToFileURL(`${baselinesRoot}/`)): Promise<Baseline> {
  const file = new URL(`${encodeURIComponent(cni)}.yaml`, folder);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw malformed(file, String(cause));
  });
  return text === undefined ? { cni, entries: [] } : checked(file, cni, text);
}

function checked(file: URL, cni: string, text: string): Baseline {
  const parsed = Baseline.safeParse(yamlOf(file, text));
  if (!parsed.success) throw malformed(file, z.prettifyError(parsed.error));
  if (parsed.data.cni !== cni) throw malformed(file, `it says cni: ${parsed.data.cni}`);
  return parsed.data;
}

function yamlOf(file: URL, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw malformed(file, cause instanceof Error ? cause.message : String(cause));
  }
}

function malformed(file: URL, why: string): OrdealError {
  return new OrdealError('USAGE', `reading the baseline ${file.pathname} failed: ${why}`, {
    remedy:
      'Each entry needs case, expected (failed, sometimes-failed), reason, link, versions and signature; see CONTRIBUTING.',
  });
}

/** What a case came to, why, and whether the deviations of the baseline explain every cell of a failure, or do not. */
interface Judged {
  readonly outcome: Outcome;
  readonly reason?: string | undefined;
  readonly explained?: boolean | undefined;
  readonly unexplained?: boolean | undefined;
}

/**
 * Returns how outcomes of one CNI at one version stand to its baseline. Only `failed` can be a known failure, where it
 * shows the signature of the entry, and only `passed` an unexpected pass: a case that did not run, or could not tell, says nothing about the
 * entry.
 */
export function classifierOf(baseline: Baseline, version: string): (caseId: string, judged: Judged) => Classification {
  const entries = baseline.entries.filter((entry) => isInRange(version, entry.versions));
  const patterns = entries.map((entry) => ({ entry, pattern: globPattern(entry.case) }));
  return (caseId, judged) => {
    const { outcome } = judged;
    const match = patterns.find(({ pattern }) => pattern.test(caseId));
    if (match === undefined || (outcome !== 'failed' && outcome !== 'passed')) return { note: 'as-expected' };
    const reason = `${match.entry.reason} (${match.entry.link})`;
    if (outcome === 'failed' && !showsSignature(match.entry.signature, judged))
      return { note: 'as-expected', reason: `the baseline knows another: ${reason}` };
    if (outcome === 'failed') return { note: 'known-failure', reason: `the baseline knows: ${reason}` };
    if (match.entry.expected === 'sometimes-failed') return { note: 'as-expected' };
    return { note: 'unexpected-pass', reason: `the baseline expects a failure: ${reason}` };
  };
}

function showsSignature(
  signature: z.infer<typeof Signature>,
  { reason = '', explained, unexplained }: Judged,
): boolean {
  if (unexplained === true) return false;
  return 'cells' in signature ? explained === true : new RegExp(signature.reason).test(reason);
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text).source !== '';
  } catch {
    return false;
  }
}

/** A version nobody can read is in no range: then a failure counts in full. Pre-releases belong to their release. */
function isInRange(version: string, range: string): boolean {
  const parsed = semver.coerce(version);
  return parsed !== null && semver.satisfies(parsed, range);
}

function globPattern(glob: string): RegExp {
  return new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
