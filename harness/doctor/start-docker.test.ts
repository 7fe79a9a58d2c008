import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { exists } from '../images/store.ts';
import { OrdealError } from '../base/errors.ts';
import { fakeHost } from './fake-host.test-support.ts';
import type { Host } from './host.ts';
import { dockerdFiles, startDocker } from './start-docker.ts';

const generousMs = 60_000;

describe('doctor/start-docker', () => {
  const path = process.env.PATH;
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ordeal-dockerd-'));
    process.env.PATH = `${folder}:${path ?? ''}`;
  });
  afterEach(async () => {
    process.env.PATH = path;
    await rm(folder, { recursive: true, force: true });
  });

  /** A machine without an init, whose engine is a script and answers once `up` is there. */
  async function machine(script: string): Promise<Host> {
    await writeFile(join(folder, 'dockerd'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'dockerd'), 0o755);
    const refused = { 'docker version': { code: 1, err: 'Cannot connect' }, 'test -d': { code: 1 } };
    const { host } = fakeHost({ commands: refused, env: { XDG_CACHE_HOME: folder } });
    const run: Host['run'] = async (argv, timeoutMs) =>
      argv[0] === 'docker' && (await exists(join(folder, 'up')))
        ? { code: 0, out: '26', err: '' }
        : host.run(argv, timeoutMs);
    return { ...host, run };
  }

  it('starts the engine detached, waits until it answers, and remembers log and pid', async () => {
    const host = await machine(`echo engine says hello; touch ${folder}/up; exec sleep 600`);
    await startDocker(host, generousMs);
    const files = dockerdFiles(host.env);
    const pid = Number(await readFile(files.pid, 'utf8'));
    expect(await readFile(`/proc/${pid}/stat`, 'utf8')).to.match(new RegExp(`^${pid} \\(.*\\) . \\d+ ${pid} ${pid} `));
    process.kill(pid);
    expect(await readFile(files.log, 'utf8')).to.include('engine says hello');
  });

  it('has the engine depend on no folder of who starts it: it outlives them', async () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = folder;
    try {
      const host = await machine(`echo "in $PWD, scratch in [$TMPDIR]"; touch ${folder}/up; exec sleep 600`);
      await startDocker(host, generousMs);
      const files = dockerdFiles(host.env);
      process.kill(Number(await readFile(files.pid, 'utf8')));
      expect(await readFile(files.log, 'utf8')).to.include('in /, scratch in []');
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });

  it('does not wait for an engine that ended, and shows its last lines', async () => {
    const host = await machine('echo no storage driver works >&2; exit 1');
    const error: unknown = await startDocker(host, generousMs).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(OrdealError).with.property('code', 'ENVIRONMENT');
    expect(String(error)).to.include('no storage driver works');
  });
});
