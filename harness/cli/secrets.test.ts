import { existsSync } from 'node:fs';
import { glob, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { Command } from 'commander';
import { execa } from 'execa';
import { projectRoot } from '../base/paths.ts';
import { enforceTimeouts, Timeouts } from '../base/timeouts.ts';
import { connect } from '../kube/connect.ts';
import { badShapes, secret } from '../kube/kubeconfig/bad-shapes.test-support.ts';
import { FakeServer } from '../kube/kubeconfig/fake-server.test-support.ts';
import { base64, execOf, plugin, type Shape, writeKubeconfig } from '../kube/kubeconfig/shapes.test-support.ts';
import { explainFailure } from './explain-failure.ts';
import { registerRun } from './run.ts';

const planted = [secret, base64(secret), base64(`a:${secret}`)];

/** Everything that a report, a log or a debugger could make of an error. */
function everythingOf(error: unknown): string {
  return `${explainFailure(error)}\n${inspect(error, { depth: 20, showHidden: true })}`;
}

function expectNoSecret(text: string): void {
  for (const word of planted) expect(text).not.include(word);
}

describe('the secrets of a kubeconfig', () => {
  before(() => {
    process.env['ORDEAL_DEBUG'] = '1';
    enforceTimeouts(Timeouts.parse({ credentialPluginMs: 400 }));
  });
  after(() => {
    Reflect.deleteProperty(process.env, 'ORDEAL_DEBUG');
    enforceTimeouts(Timeouts.parse({}));
  });

  for (const [title, shape] of badShapes) {
    it(`stay in it, and nothing is written: ${title}`, async () => {
      const file = await writeKubeconfig('https://127.0.0.1:1', shape);
      const out = `${file}.out`;
      const program = new Command().exitOverride();
      registerRun(program);
      const argv = ['run', '--kubeconfig', file, '--out', out, '--include', 'dns-cluster-name'];
      const error: unknown = await program.parseAsync(argv, { from: 'user' }).catch((caught: unknown) => caught);
      expect(error).property('code', 'USAGE');
      expectNoSecret(everythingOf(error));
      expect(existsSync(out)).equal(false);
    });
  }

  describe('that an API server does not accept', () => {
    let server: FakeServer;
    before(async () => {
      server = await new FakeServer('https').start();
      server.refuse = () => true;
    });
    after(() => server.stop());

    const skip = { 'certificate-authority-data': undefined };
    const shapes: readonly (readonly [string, Shape])[] = [
      ['a token', { user: { token: secret } }],
      ['a password', { user: { username: 'a', password: secret } }],
      ['a token of a plugin', { user: execOf('./p'), files: { p: plugin({ token: secret }) } }],
      ['a certificate nobody vouches for', { user: { token: secret }, cluster: skip }],
      ['a proxy that is not there', { cluster: { 'proxy-url': `http://a:${secret}@127.0.0.1:1` } }],
    ];
    for (const [title, shape] of shapes) {
      it(`stay in it: ${title}`, async () => {
        const kube = await connect(await writeKubeconfig(server.url, shape));
        for (const asked of [kube.raw('/version'), kube.exec({ namespace: 'x', name: 'a' }, ['true'])]) {
          const error: unknown = await asked.catch((caught: unknown) => caught);
          expect(error).property('code', 'KUBE_API');
          expectNoSecret(everythingOf(error));
        }
        await kube.close();
      });
    }
  });

  it('stay out of a run that fails, with its folder', async () => {
    const out = join(await mkdtemp(join(tmpdir(), 'ordeal-')), 'out');
    const file = await writeKubeconfig('http://127.0.0.1:1', { user: { token: secret } });
    const main = join(projectRoot, 'harness', 'cli', 'main.ts');
    const argv = [main, 'run', '--kubeconfig', file, '--yes', '--out', out, '--include', 'dns-cluster-name'];
    const { all, exitCode } = await execa(process.execPath, argv, {
      all: true,
      reject: false,
      env: { ORDEAL_DEBUG: '1' },
    });
    expect(exitCode).equal(3);
    expectNoSecret(all);
    let files = 0;
    for await (const entry of glob(join(out, '**'), { withFileTypes: true })) {
      if (!entry.isFile()) continue;
      files += 1;
      expectNoSecret(await readFile(join(entry.parentPath, entry.name), 'utf8'));
    }
    expect(files).greaterThan(0);
  });
});
