import type { CaseDefinition } from '../case/types.ts';
import { touchesOthers } from '../case/touches.ts';
import { sourceLinks } from '../events/source-links.ts';

/** Returns all cases as Markdown: a section an area, a row a case with tier, title, needs and where its rule comes from. */
export function casesPage(cases: readonly CaseDefinition[]): string {
  const areas = Map.groupBy(cases, (one) => one.area);
  const core = cases.filter((one) => one.tier === 'core').length;
  const counts = `${cases.length} cases, ${core} of them core, which a plain run judges; the others with \`--all\`.`;
  return ['# Cases', '', `Made by \`ordeal list --markdown\`. ${counts}`, ...[...areas].flatMap(section), ''].join(
    '\n',
  );
}

function section([area, cases]: [string, CaseDefinition[]]): string[] {
  const head = ['| case | tier | what holds | needs | disturbs | source |', '| --- | --- | --- | --- | --- | --- |'];
  return ['', `## ${area} (${cases.length})`, '', ...head, ...cases.map(row)];
}

function row({ id, tier, title, needs, source, ...one }: CaseDefinition): string {
  const links =
    source === undefined ? [] : sourceLinks(source).map(({ text, url }) => `[${inCell(shortened(text))}](${url})`);
  const wanted = needs.map(({ feature }) => feature).join(', ');
  const disturbed = [...new Set(touchesOthers(one).map(({ disrupts }) => disrupts))].join(', ');
  return `| \`${id}\` | ${tier} | ${inCell(title)} | ${wanted} | ${disturbed} | ${links.join('; ')} |`;
}

/** A bare URL would fill the row: its host and last part name it. */
function shortened(text: string): string {
  if (!text.startsWith('https://')) return text;
  const { hostname, pathname, hash } = new URL(text.split(' ', 1).join());
  return `${hostname.replace(/^www\./, '')}: ${hash === '' ? (pathname.split('/').findLast((part) => part !== '') ?? '') : hash.slice(1)}`;
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
