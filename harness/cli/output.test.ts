import { expect } from 'chai';
import { execa } from 'execa';
import { join } from 'node:path';
import { projectRoot } from '../base/paths.ts';

const pod = (name: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'x' },
    spec: { containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80 }] }] },
  });

describe('output that nobody reads to its end', () => {
  it('ends the command quietly, as it ends others in a pipe', async () => {
    const main = join(projectRoot, 'harness', 'cli', 'main.ts');
    const ordeal = execa(process.execPath, [main, 'matrix', '--files', '-', '--json'], {
      input: Array.from({ length: 60 }, (_, index) => pod(`p${index}`)).join('\n---\n'),
      buffer: { stdout: false },
      reject: false,
    });
    ordeal.stdout.once('data', () => ordeal.stdout.destroy());
    const { stderr, exitCode } = await ordeal;
    expect(stderr).to.equal('');
    expect(exitCode).to.equal(141);
  });
});
