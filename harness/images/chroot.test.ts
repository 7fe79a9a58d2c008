import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { inRoot } from './chroot.ts';
import { runCommand } from './command.ts';
import { withFakeBuild } from './fake-build.test-support.ts';

describe('images/chroot', () => {
  let folder = '';
  const before = process.env.TMPDIR;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ordeal-root-'));
    process.env.TMPDIR = folder;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await rm(folder, { recursive: true, force: true });
  });

  /** Everything but the namespaces, which take rights: the script sees the environment it would see inside. */
  const inside = (script: string) => {
    let seen = '';
    return withFakeBuild(
      [],
      () => undefined,
      async ({ context }) => {
        const run: typeof runCommand = async (component, _argv, options) => {
          seen = await runCommand(component, ['sh', '-c', script], options);
          return seen;
        };
        await inRoot({ ...context, run }, 'node', { root: folder, side: join(folder, 'side') }, script);
      },
    ).then(() => seen);
  };

  it('names no place of this machine to what runs inside: package scripts make their files in TMPDIR', async () => {
    expect(await inside('echo $TMPDIR $TMP $TEMP $HOME')).to.equal('/tmp /tmp /tmp /root');
  });

  it('tells the script that failed, not the scaffolding around it', async () => {
    const failure: unknown = await inside('echo no such package >&2; exit 100').catch((error: unknown) => error);
    expect(String(failure)).to.match(/node failed: `echo no such package >&2; exit 100` ended with exit code 100/);
  });
});
