import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openStore } from '../images/store.ts';
import { quietProgress } from '../images/fake-build.test-support.ts';
import { OrdealError } from '../base/errors.ts';
import { planInstall } from './apt-install.ts';
import { fakeHost, type FakeMachine } from './fake-host.test-support.ts';
import { fixHost, type FixOptions } from './fix.ts';

const refused = { code: 1, err: 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' };
const without: FakeMachine = {
  commands: {
    'docker version': { code: 127 },
    'sh -c command -v docker': { code: 1 },
    'sh -c command -v debootstrap': { code: 1 },
  },
};

/** Runs a fix whose installer and starter only write down that they were called. */
async function fix(machine: FakeMachine, options: Partial<FixOptions> = {}) {
  const notes: string[] = [];
  const { host, asked } = fakeHost(machine);
  const done: string[] = [];
  const error: unknown = await fixHost(quietProgress(notes), {
    install: true,
    host,
    store: openStore(folder),
    installer: (_host, plan) => Promise.resolve(void done.push(...plan.packages, ...plan.newer)),
    start: () => Promise.resolve(void done.push('start')),
    ...options,
  }).catch((thrown: unknown) => thrown);
  return { error, notes, done, asked };
}

let folder = '';

describe('doctor/fix', () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ordeal-doctor-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('does nothing and says nothing on a healthy machine', async () => {
    const { done, notes } = await fix({});
    expect(done).to.deep.equal([]);
    expect(notes).to.deep.equal([]);
  });

  it('announces before it installs, and takes the engine from the newer suite on bookworm', async () => {
    const { done, notes } = await fix(without);
    expect(done).to.include.members(['debootstrap', 'docker.io', 'docker-cli']);
    expect(notes.join('\n')).to.include('trixie').and.include('docker.io').and.include('debootstrap');
  });

  it('--no-install changes nothing and names each remedy', async () => {
    const { done, error } = await fix(without, { install: false });
    expect(done).to.deep.equal([]);
    expect(error).to.be.instanceOf(OrdealError).with.property('code', 'ENVIRONMENT');
    expect(String(error)).to.include('Docker Engine').and.include('debootstrap');
  });

  it('never installs as an ordinary user or on another distribution', async () => {
    expect((await fix({ ...without, uid: 1000 })).done).to.deep.equal([]);
    const fedora = { '/etc/os-release': 'ID=fedora\n' };
    expect((await fix({ ...without, files: fedora })).done).to.deep.equal([]);
  });

  it('starts an engine that is there, also with --no-install', async () => {
    const { done } = await fix({ commands: { 'docker version': refused } }, { install: false });
    expect(done).to.deep.equal(['start']);
  });

  it('starts nothing where DOCKER_HOST points elsewhere', async () => {
    const machine = { commands: { 'docker version': refused }, env: { DOCKER_HOST: 'tcp://10.0.0.1:2375' } };
    const { done, error } = await fix(machine);
    expect(done).to.deep.equal([]);
    expect(error).to.have.property('remedy').that.includes('DOCKER_HOST');
  });

  it('raises the inotify limit as root, and says so', async () => {
    const low = { '/proc/sys/fs/inotify/max_user_instances': '128\n' };
    const { asked, notes } = await fix({ files: low });
    expect(asked.some((line) => line.startsWith('sysctl'))).to.equal(true);
    expect(notes.join()).to.include('max_user_instances');
    expect((await fix({ files: low, uid: 1000 })).asked.some((line) => line.startsWith('sysctl'))).to.equal(false);
  });

  it('takes everything from the release itself where it is new enough', async () => {
    const { host } = fakeHost({ files: { '/etc/os-release': 'ID=debian\nVERSION_CODENAME=trixie\n' } });
    const plan = await planInstall(host, ['docker.io', 'gcc']);
    expect(plan.newer).to.deep.equal([]);
    expect(plan.packages).to.deep.equal(['docker.io', 'gcc']);
  });

  it('believes the package sources where they are older than the release a machine says it is', async () => {
    const policy = (candidate: string) => ({ out: `it:\n  Installed: (none)\n  Candidate: ${candidate}\n` });
    const commands = {
      'apt-cache policy golang-go': policy('2:1.19~1'),
      'apt-cache policy docker.io': policy('26.1.5+dfsg1-9'),
      'apt-cache policy docker-cli': policy('(none)'),
    };
    const { host } = fakeHost({ commands, files: { '/etc/os-release': 'ID=debian\nVERSION_CODENAME=trixie\n' } });
    const plan = await planInstall(host, ['docker.io', 'docker-cli', 'golang-go', 'gcc']);
    expect(plan.newer).to.deep.equal(['golang-go']);
    expect(plan.packages).to.deep.equal(['docker.io', 'docker-cli', 'gcc']);
  });
});
