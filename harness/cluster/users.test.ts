import { expect } from 'chai';
import { execa } from 'execa';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrdealError } from '../base/errors.ts';
import { useCluster, usersOf } from './users.ts';

describe('use of a kept cluster', () => {
  let root: string;
  beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'ordeal-in-use-'))));
  afterEach(() => rm(root, { recursive: true }));

  const refusal = (name: string, runId: string): Promise<unknown> =>
    useCluster(name, runId, root).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('is for one run at a time, which the other is told', async () => {
    const release = await useCluster('kept', 'run.1', root);
    const error = await refusal('kept', 'run.2');
    expect(error).to.be.instanceOf(OrdealError).with.property('code', 'USAGE');
    expect(error).to.have.property('message').that.contains(`run run.1 is under way on it, process ${process.pid}`);
    expect(await refusal('another', 'run.2')).to.equal(undefined);
    await release();
    expect(await refusal('kept', 'run.2')).to.equal(undefined);
  });

  it('is seen across processes and ends with the process, even one that was killed', async () => {
    const users = new URL('users.ts', import.meta.url).href;
    const script = `await (await import(${JSON.stringify(users)})).useCluster('kept', 'killed', ${JSON.stringify(root)});
      console.log('marked'); setInterval(() => {}, 1000)`;
    const other = execa(process.execPath, ['--input-type=module', '--eval', script], { reject: false });
    await new Promise((resolve) => other.stdout.once('data', resolve));
    expect(await usersOf('kept', root)).to.deep.equal([{ runId: 'killed', pid: String(other.pid) }]);
    expect(await refusal('kept', 'run.2')).to.be.instanceOf(OrdealError);
    other.kill('SIGKILL');
    await other;
    expect(await refusal('kept', 'run.2')).to.equal(undefined);
    expect(await readdir(join(root, 'kept'))).to.have.length(1);
  });

  it('is not held by a later process of the same id', async () => {
    await mkdir(join(root, 'kept'));
    await writeFile(join(root, 'kept', `${process.pid}.1.run.1`), '');
    expect(await usersOf('kept', root)).to.deep.equal([]);
  });
});
