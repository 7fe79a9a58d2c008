import { expect } from 'chai';
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrdealError } from '../base/errors.ts';
import { packageRoot } from '../base/paths.ts';
import { configFileSchema } from './config-file.ts';
import { parseRunOptions } from './run-options.ts';
import { registerRun } from './run.ts';
import { withSettings } from './settings.ts';

interface Layers {
  readonly argv?: string[];
  readonly env?: Record<string, string>;
  readonly file?: string;
}

/** What `ordeal run` makes of these, and what it says of them. */
async function settled({ argv = [], env = {}, file = '' }: Layers) {
  const program = new Command();
  registerRun(program);
  const [run] = program.commands;
  if (run === undefined) throw new Error('there is no command');
  const config = join(await mkdtemp(join(tmpdir(), 'ordeal-config-')), 'ordeal.config.yaml');
  await writeFile(config, file);
  run.parseOptions(['--config', config, ...argv]);
  const said: string[] = [];
  const options = parseRunOptions(await withSettings(run, (line) => said.push(line), env));
  return { options, said };
}

describe('flags, ORDEAL_* and ordeal.config.yaml', () => {
  it('go before each other in this order, and before defaults', async () => {
    const file = 'workers: 1\nzones: 3\nmesh: istio\n';
    const env = { ORDEAL_WORKERS: '3', ORDEAL_ZONES: '2' };
    const { options } = await settled({ argv: ['--workers', '4'], env, file });
    expect(options).to.include({ workers: 4, zones: 2, mesh: 'istio', images: 'auto' });
  });

  it('take lists, yes and no, and flags that are a negation', async () => {
    const env = { ORDEAL_ALLOW_DISRUPTION: 'dns,mesh', ORDEAL_FAIL_FAST: '1', ORDEAL_FIX: 'true', ORDEAL_INSTALL: '0' };
    const { options } = await settled({ env, file: 'cni: [flannel, calico]\ninclude: [dns]\n' });
    expect(options).to.deep.include({ allowDisruption: ['dns', 'mesh'], cni: ['flannel', 'calico'], include: ['dns'] });
    expect(options).to.include({ failFast: true, fix: true, install: false });
  });

  it('let settings be that do not apply beside a flag', async () => {
    const { options } = await settled({ argv: ['--kubeconfig', 'f'], file: 'cni: [flannel]\nkeep: true\n' });
    expect(options)
      .to.include({ kubeconfig: 'f', keep: false })
      .and.deep.include({ cni: ['calico'] });
    expect((await settled({ argv: ['--verbose'], env: { ORDEAL_QUIET: '1' } })).options.quiet).to.equal(false);
  });

  it('say what was taken from where, and which variable is none', async () => {
    const { said } = await settled({ env: { ORDEAL_WORKERS: '1', ORDEAL_WORKRES: '2' }, file: 'zones: 2\n' });
    expect(said).to.deep.equal([
      'settings: ORDEAL_WORKERS, zones of the config file',
      'ORDEAL_WORKRES is no setting: it changes nothing',
    ]);
    expect((await settled({ env: { ORDEAL_QUIET: '1' } })).said).to.deep.equal([]);
  });

  const bad: readonly (readonly [Layers, RegExp])[] = [
    [{ env: { ORDEAL_WORKERS: '9' } }, /ORDEAL_WORKERS: at most 5 is expected/],
    [{ env: { ORDEAL_KEEP: 'maybe' } }, /ORDEAL_KEEP: true or false is expected/],
    [{ env: { ORDEAL_CNI: 'weave' } }, /ORDEAL_CNI.*: one of .*calico/],
    [{ file: 'workers: 9\n' }, /ordeal\.config\.yaml: workers: at most 5 is expected/],
    [{ file: 'wrokers: 1\n' }, /ordeal\.config\.yaml: .*there is no wrokers/],
    [{ file: 'cni: calico\n' }, /cni: a list is expected/],
    [{ file: 'a: [1\n' }, /ordeal\.config\.yaml is not YAML/],
    [{ file: '- a\n' }, /a map of fields is expected/],
  ];
  for (const [layers, told] of bad) {
    it(`are refused in words: ${JSON.stringify(layers)}`, async () => {
      const error = await settled(layers).catch((caught: unknown) => caught);
      expect(error).instanceOf(OrdealError).with.property('code', 'USAGE');
      expect(String(error))
        .to.match(told)
        .and.not.match(/Invalid|received|NaN/);
    });
  }

  it('have a schema for editors, published as it is', () => {
    const published: unknown = JSON.parse(readFileSync(join(packageRoot, 'docs', 'config.schema.json'), 'utf8'));
    expect(published).to.deep.equal(JSON.parse(JSON.stringify(configFileSchema())));
  });
});
