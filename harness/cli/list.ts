import type { Command } from 'commander';
import { touchesOthers } from '../case/touches.ts';
import { z } from 'zod';
import { loadCases } from '../case/load.ts';
import type { CaseDefinition } from '../case/types.ts';
import { OrdealError } from '../base/errors.ts';
import { suitesRoot } from '../base/paths.ts';
import { casesPage } from './cases-page.ts';
import { failedBefore, selected, selectors, shardOf, withSelectors } from './selection.ts';
import { withConfig, withSettings } from './settings.ts';
import { usageError } from './usage-error.ts';

const Flags = z.object({ ...selectors, json: z.boolean().default(false), markdown: z.boolean().default(false) });

/** Adds `ordeal list [--json|--markdown]`: id, area, tier, title, needs and source of every case, on stdout. */
export function registerList(program: Command): void {
  const command = program
    .command('list')
    .description('print the cases: id, area, tier, title, needs; chosen as `run` would, both tiers')
    .option('--json', 'machine-readable')
    .option('--markdown', 'a page: docs/cases.md is made with it');
  withConfig(withSelectors(command)).action(async () => {
    const flags = Flags.safeParse(await withSettings(command, (line) => process.stderr.write(`${line}\n`)));
    if (!flags.success) throw usageError(flags.error, 'list');
    if (flags.data.json && flags.data.markdown) throw new OrdealError('USAGE', '--json contradicts --markdown');
    const fitting = selected(await loadCases(suitesRoot), flags.data, await failedBefore(flags.data));
    const cases = shardOf(fitting, flags.data.shard);
    process.stdout.write(flags.data.json ? json(cases) : flags.data.markdown ? casesPage(cases) : table(cases));
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
    return `${one.id.padEnd(width)}  ${one.area.padEnd(13)}  ${one.tier.padEnd(8)}  ${one.title}${needs}\n`;
  });
  return `${rows.join('')}${cases.length} cases\n`;
}
