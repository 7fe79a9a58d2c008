import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { OrdealError } from '../base/errors.ts';
import { sourceExtension } from '../base/paths.ts';
import { unreadableSources } from '../events/source-links.ts';
import { areasIn } from './areas.ts';
import type { CaseDefinition } from './types.ts';

/**
 * Imports every case file under `root/<area>/` and returns its cases, ordered by area then id. A case file exports
 * `testCase` or `cases`; a file that exports neither is a helper.
 * @throws OrdealError USAGE on duplicate ids, an area that is not its folder, an id outside its area, or a rule that comes from nowhere.
 */
export async function loadCases(root: string): Promise<CaseDefinition[]> {
  const areas = areasIn(root);
  const found: CaseDefinition[] = [];
  for (const area of areas) {
    for (const file of await caseFiles(join(root, area))) found.push(...(await casesOf(file, area)));
  }
  refuseDuplicates(found);
  refuseUnreadableSources(found);
  return found.sort((a, b) => areas.indexOf(a.area) - areas.indexOf(b.area) || a.id.localeCompare(b.id));
}

async function caseFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  return entries
    .filter((name) => name.endsWith(sourceExtension) && !name.includes('.test'))
    .sort()
    .map((name) => join(folder, name));
}

async function casesOf(file: string, folder: string): Promise<CaseDefinition[]> {
  const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const exported = [module['testCase'], module['cases']].flat();
  const cases = exported.filter(isCase);
  const stray = cases.find(({ area }) => area !== folder);
  if (stray === undefined) return cases;
  throw new OrdealError('USAGE', `case "${stray.id}" is of area ${stray.area} and lies in the folder of ${folder}`);
}

function isCase(value: unknown): value is CaseDefinition {
  return typeof value === 'object' && value !== null && 'id' in value && 'area' in value && 'run' in value;
}

function refuseUnreadableSources(cases: readonly CaseDefinition[]): void {
  for (const { id, source } of cases) {
    const [unreadable] = source === undefined ? ['none at all'] : unreadableSources(source);
    if (unreadable === undefined) continue;
    throw new OrdealError('USAGE', `source of case "${id}" leads nowhere: ${unreadable}`, {
      remedy: 'A URL, "RFC n section s", "KEP-n", "DNS specification s" or "e2e: title"; several with "; " between.',
    });
  }
}

function refuseDuplicates(cases: readonly CaseDefinition[]): void {
  const seen = new Set<string>();
  for (const { id, area } of cases) {
    if (seen.has(id)) throw new OrdealError('USAGE', `two cases have the id "${id}"`, { remedy: 'Rename one.' });
    if (!id.startsWith(`${area}-`) || !/^[a-z0-9-]+$/.test(id)) {
      throw new OrdealError('USAGE', `case id "${id}" must be kebab-case and start with its area "${area}-"`);
    }
    seen.add(id);
  }
}
