import { expect } from 'chai';
import { Command } from 'commander';
import { parseAllDocuments } from 'yaml';
import { suitesRoot } from '../base/paths.ts';
import { loadCases } from '../case/load.ts';
import { rightsOf } from '../case/rights.ts';
import { rightKey } from '../kube/rights.ts';
import { registerRights } from './rights.ts';

async function printed(...argv: string[]): Promise<string> {
  let text = '';
  const program = new Command('ordeal').exitOverride().configureOutput({ writeErr: () => undefined });
  registerRights(program, (part) => void (text += part));
  await program.parseAsync(['node', 'ordeal', 'rights', ...argv]);
  return text;
}

const documents = (text: string) =>
  parseAllDocuments(text).map((one) => one.toJS() as { kind: string; rules: unknown });

describe('ordeal rights', () => {
  it('prints roles for what would be run, and none for what nobody allowed', async () => {
    const plain = documents(await printed('-o', 'yaml', '--include', 'dns-*'));
    expect(plain.map(({ kind }) => kind)).deep.equal(['ClusterRole', 'Role']);
    expect(JSON.stringify(plain)).not.include('"patch"],"resourceNames":["coredns"]').and.not.include('statefulsets');
    const dns = await printed('-o', 'yaml', '--include', 'dns-*', '--allow-disruption', 'dns');
    expect(dns).match(/resourceNames:\n\s+- coredns\n\s+verbs:\n\s+- get\n\s+- patch/);
  });

  it('binds an account on demand, and refuses what is none', async () => {
    const bound = documents(await printed('-o', 'yaml', '--include', 'dns-*', '--service-account', 'ci/tester'));
    expect(bound.map(({ kind }) => kind)).deep.equal(['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']);
    const refused: unknown = await printed('--service-account', 'tester').catch((error: unknown) => error);
    expect(String(refused)).include('--service-account: NAMESPACE/NAME is expected');
  });

  it('says them in text and JSON alike', async () => {
    const rows = JSON.parse(await printed('-o', 'json')) as Parameters<typeof rightKey>[0][];
    expect(await printed()).match(new RegExp(`\n${rows.length} rights for \\d+ cases\n$`));
    expect(rows.map(rightKey)).include('create namespaces  ');
  });
});

describe('rights of cases', () => {
  it('never reach into namespaces of others unless the case says that it does', async () => {
    const cases = await loadCases(suitesRoot);
    const sly = cases.filter((one) => one.touches === 'own' && rightsOf(one).some(changesOthers));
    expect(sly.map(({ id }) => id)).deep.equal([]);
  });
});

const changesOthers = ({ namespace, verb }: ReturnType<typeof rightsOf>[number]) =>
  namespace !== undefined && !['get', 'list', 'watch'].includes(verb);
