import { OrdealError } from '../base/errors.ts';
import type { CaseDefinition } from './types.ts';

export const tiers = ['core', 'extended'] as const;

/**
 * Returns the cases that match any `include` (all when empty) and no `exclude`. A pattern is an id glob
 * (`dns-*`), an area (`dns` or `area:dns`), a tier (`core` or `tier:core`) or `tag:NAME`. Order is kept.
 * @throws OrdealError USAGE for a pattern that matches no case: a typing error must not become an empty, green run.
 */
export function selectCases(
  cases: readonly CaseDefinition[],
  include: readonly string[],
  exclude: readonly string[],
): CaseDefinition[] {
  for (const pattern of [...include, ...exclude]) refuseUnmatched(pattern, cases);
  return cases.filter(
    (one) =>
      (include.length === 0 || include.some((pattern) => matches(pattern, one))) &&
      !exclude.some((pattern) => matches(pattern, one)),
  );
}

/** Returns the cases a run takes when nothing was chosen, the core tier, and how many extended ones that leaves out. */
export function defaultSelection(cases: readonly CaseDefinition[]): { chosen: CaseDefinition[]; leftOut: number } {
  const chosen = cases.filter((one) => one.tier === 'core');
  return { chosen, leftOut: cases.length - chosen.length };
}

function refuseUnmatched(pattern: string, cases: readonly CaseDefinition[]): void {
  if (cases.some((one) => matches(pattern, one))) return;
  const areas = [...new Set(cases.map((one) => one.area))];
  const tags = [...new Set(cases.flatMap((one) => one.tags))].sort();
  throw new OrdealError('USAGE', `no case matches "${pattern}"`, {
    remedy:
      `Give an id glob, an area (${areas.join(', ')}), a tier (${tiers.join(', ')}) or tag:NAME ` +
      `(${tags.slice(0, 12).join(', ')}${tags.length > 12 ? ', ...' : ''}); \`ordeal list\` shows all.`,
  });
}

function matches(pattern: string, one: CaseDefinition): boolean {
  const [prefix, value] = pattern.includes(':') ? splitOnce(pattern) : ['', pattern];
  if (prefix === 'tag') return one.tags.includes(value);
  if (prefix === 'area') return one.area === value;
  if (prefix === 'tier') return one.tier === value;
  if (prefix !== '') return one.tags.includes(pattern);
  return one.area === value || one.tier === value || globToRegExp(value).test(one.id);
}

function splitOnce(pattern: string): [string, string] {
  const colon = pattern.indexOf(':');
  return [pattern.slice(0, colon), pattern.slice(colon + 1)];
}

function globToRegExp(glob: string): RegExp {
  const escaped = glob.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
