import type { Command } from 'commander';
import { touchesOthers } from '../case/touches.ts';
import { selectCases } from '../case/select.ts';
import { loadCases } from '../case/load.ts';
import type { CaseDefinition } from '../case/types.ts';
import { suitesRoot } from '../base/paths.ts';
import { casesPage } from './cases-page.ts';
import { collect } from './flags.ts';

/** Adds `ordeal list [--json|--markdown]`: id, area, tier, title, needs and source of every case, on stdout. */
export function registerList(program: Command): void {
  program
    .command('list')
    .description('print the cases: id, area, tier, title, needs')
    .option('--json', 'machine-readable')
    .option('--markdown', 'a page: docs/cases.md is made with it')
    .option('--include <pattern>', 'id glob, area, tier or tag:NAME; may repeat', collect, [])
    .option('--exclude <pattern>', 'the same, left out', collect, [])
    .action(async (flags: { json?: boolean; markdown?: boolean; include: string[]; exclude: string[] }) => {
      const cases = selectCases(await loadCases(suitesRoot), flags.include, flags.exclude);
      process.stdout.write(
        flags.json === true ? json(cases) : flags.markdown === true ? casesPage(cases) : table(cases),
      );
    });
}

function json(cases: readonly CaseDefinition[]): string {
  const rows = cases.map(({ id, area, tier, title, tags, needs, touches, uses, source }) => ({
    id,
    area,
    tier,
    title,
    tags,
    needs,
    touches: touchesOthers({ touches, uses }),
    source,
  }));
  return `${JSON.stringify(rows, undefined, 2)}\n`;
}

function table(cases: readonly CaseDefinition[]): string {
  const width = Math.max(...cases.map((one) => one.id.length), 2);
  const rows = cases.map((one) => {
    const needs = one.needs.length === 0 ? '' : `  [needs ${one.needs.map((need) => need.feature).join(', ')}]`;
    return `${one.id.padEnd(width)}  ${one.area.padEnd(13)}  ${one.tier.padEnd(8)}  ${one.title}${needs}`;
  });
  return `${rows.join('\n')}\n${cases.length} cases\n`;
}
