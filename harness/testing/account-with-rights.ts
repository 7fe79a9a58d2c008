import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { z } from 'zod';
import { connect } from '../kube/connect.ts';
import type { KubeObject } from '../kube/types.ts';
import { type Ended, ordeal, scratch } from './ordeal-process.ts';

const Role = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  rules: z.array(z.looseObject({ resources: z.array(z.string()) })).optional(),
});
type Role = z.infer<typeof Role>;
const Config = z.looseObject({ users: z.array(z.looseObject({ name: z.string() })) });

const account = { namespace: 'default', name: 'ordeal-tester' };

/** An account of a cluster that may do what `ordeal rights` says for a selection, and nothing else. */
export interface AccountWithRights {
  run(out: string, ...args: string[]): Promise<Ended>;
  /** Takes every right to a resource away. */
  lose(resource: string): Promise<void>;
}

/** Makes the account with its roles, and a kubeconfig with its token; `tokenOf` asks the cluster for one. */
export async function accountWithRights(
  admin: string,
  selectors: readonly string[],
  tokenOf: (namespace: string, name: string) => Promise<string>,
): Promise<AccountWithRights> {
  const { namespace, name } = account;
  const bound = ['--service-account', `${namespace}/${name}`, '--role', name];
  const { stdout } = await ordeal('rights', '-o', 'yaml', ...bound, ...selectors);
  const roles = parseAllDocuments(stdout).map((one) => Role.parse(one.toJS()));
  await applied(admin, [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }, ...roles]);
  const kubeconfig = join(await scratch('account'), 'kubeconfig');
  const config = Config.parse(parse(await readFile(admin, 'utf8')));
  const token = (await tokenOf(namespace, name)).trim();
  const users = config.users.map((one) => ({ name: one.name, user: { token } }));
  await writeFile(kubeconfig, stringify({ ...config, users }));
  const asIs = ['--yes', '--agent-image', 'ordeal.dev/node-runtime:22.23.3'];
  return {
    run: (out, ...args) => ordeal('run', '--kubeconfig', kubeconfig, ...asIs, '--out', out, ...args),
    lose: (resource) =>
      applied(
        admin,
        roles.flatMap((role) => without(role, resource)),
      ),
  };
}

function without(role: Role, resource: string): Role[] {
  if (role.rules === undefined) return [];
  const rules = role.rules.map((rule) => ({ ...rule, resources: rule.resources.filter((one) => one !== resource) }));
  return [{ ...role, rules: rules.filter(({ resources }) => resources.length > 0) }];
}

async function applied(kubeconfig: string, objects: readonly KubeObject[]): Promise<void> {
  const kube = await connect(kubeconfig);
  try {
    for (const object of objects) await kube.apply(object);
  } finally {
    await kube.close();
  }
}
