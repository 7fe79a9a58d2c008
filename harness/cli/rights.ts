import type { Command } from 'commander';
import { stringify } from 'yaml';
import { z } from 'zod';
import { suitesRoot } from '../base/paths.ts';
import { loadCases } from '../case/load.ts';
import { rightsOfRun } from '../case/rights.ts';
import { defaultSelection } from '../case/select.ts';
import { allowable, disruptionKinds, missingConsent } from '../case/touches.ts';
import type { CaseDefinition } from '../case/types.ts';
import { describeRights, type Rights } from '../kube/rights.ts';
import { type Account, rolesFor } from '../kube/roles.ts';
import { consentOf } from './consent.ts';
import { collect } from './flags.ts';
import { toStdout, type Write } from './output.ts';
import { choosesCases, failedBefore, selected, selectors, shardOf, withSelectors } from './selection.ts';
import { usageError } from './usage-error.ts';

const accountForm = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

const Flags = z.strictObject({
  ...selectors,
  allowDisruption: z.array(z.enum(allowable)).default([]),
  output: z.enum(['text', 'yaml', 'json']).default('text'),
  role: z.string().default('ordeal'),
  serviceAccount: z.string().regex(accountForm, 'NAMESPACE/NAME is expected').optional(),
});
type Flags = z.infer<typeof Flags>;

/** Adds `ordeal rights`: the least that an account must be allowed for a selection of cases on an existing cluster. */
export function registerRights(program: Command, write: Write = toStdout): void {
  const command = program
    .command('rights')
    .description('print the least rights that `run --kubeconfig` needs with these flags; -o yaml: as roles')
    .option('-o, --output <form>', 'text, yaml (ClusterRole and Roles) or json', 'text')
    .option('--role <name>', 'name of the roles', 'ordeal')
    .option('--service-account <namespace/name>', 'also bind the roles to this account')
    .option('--allow-disruption <kinds>', `as for run: ${disruptionKinds.join(', ')}, all; may repeat`, collect, []);
  withSelectors(command).action(async (given: unknown) => {
    const flags = Flags.safeParse(given);
    if (!flags.success) throw usageError(flags.error, 'rights');
    await write(rendered(flags.data, await chosen(flags.data)));
  });
}

/** Those that `run` would run on an existing cluster. */
async function chosen(flags: Flags): Promise<CaseDefinition[]> {
  const failed = await failedBefore(flags);
  const fitting = selected(await loadCases(suitesRoot), flags, failed);
  const whole = flags.all || choosesCases(flags) || failed !== undefined ? fitting : defaultSelection(fitting).chosen;
  const consent = consentOf({ kubeconfig: 'an existing cluster', allowDisruption: flags.allowDisruption });
  return shardOf(whole, flags.shard).filter((one) => missingConsent(one, consent) === undefined);
}

function rendered({ output, role, serviceAccount }: Flags, cases: readonly CaseDefinition[]): string {
  const rights = rightsOfRun(cases);
  if (output === 'json') return `${JSON.stringify(rights, undefined, 2)}\n`;
  if (output === 'text') return `${textOf(rights)}${rights.length} rights for ${cases.length} cases\n`;
  const roles = rolesFor(rights, role, serviceAccount === undefined ? undefined : accountOf(serviceAccount));
  const head = `# The least that \`ordeal run --kubeconfig\` takes for ${cases.length} cases.\n`;
  return head + roles.map((one) => stringify(one)).join('---\n');
}

function accountOf(text: string): Account {
  const [namespace = '', name = ''] = text.split('/');
  return { namespace, name };
}

function textOf(rights: Rights): string {
  return describeRights(rights)
    .split(', ')
    .map((line) => `${line}\n`)
    .join('');
}
