import { expect } from 'chai';
import { blockers, checkHost } from './check.ts';
import { checkProducts } from './products.ts';
import { fakeHost, type FakeMachine } from './fake-host.test-support.ts';

const find = async (id: string, machine?: FakeMachine) =>
  (await checkHost(fakeHost(machine).host)).find((check) => check.id === id);

const refused = { code: 1, err: 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' };

describe('doctor/check', () => {
  it('finds nothing in the way on a healthy machine', async () => {
    const checks = await checkHost(fakeHost().host);
    expect(blockers(checks, { source: true, wheels: true })).to.deep.equal([]);
  });

  it('tells no client, no rights, another API and no engine apart', async () => {
    const docker = (answer: object) => find('docker', { commands: { 'docker version': answer } });
    expect(await docker({ code: 127 })).to.have.property('found', 'no docker command');
    const rights = await docker({ code: 1, err: 'permission denied while trying to connect' });
    expect(rights?.remedy).to.include('group `docker`');
    const api = await docker({ code: 1, err: 'client version 1.24 is too old. Minimum supported API version is 1.44' });
    expect(api?.remedy).to.include('docker-cli');
    expect(await docker(refused)).to.include({ state: 'missing' });
  });

  it('refuses an old engine only where CAP_SYS_RESOURCE is missing', async () => {
    const commands = { 'docker version': { out: '20.10.24' } };
    expect((await find('docker', { commands }))?.state).to.equal('missing');
    const files = { '/proc/self/status': 'CapBnd:\t000001ffffffffff\n' };
    expect((await find('docker', { commands, files }))?.state).to.equal('ok');
  });

  it('leaves a foreign engine alone and says so', async () => {
    const check = await find('docker', {
      commands: { 'docker version': refused },
      env: { DOCKER_HOST: 'tcp://10.0.0.1:2375' },
    });
    expect(check?.remedy).to.include('DOCKER_HOST');
  });

  it('takes a Go that can fetch a newer one, and refuses an older', async () => {
    const go = (out: string) => find('go', { commands: { 'go version': { out } } });
    expect((await go('go version go1.24.4 linux/amd64'))?.state).to.equal('ok');
    expect((await go('go version go1.19.8 linux/amd64'))?.state).to.equal('missing');
  });

  it('stops a run without disk, warns with little', async () => {
    expect((await find('disk', { freeBytes: 1e9 }))?.state).to.equal('missing');
    expect((await find('disk', { freeBytes: 12e9 }))?.state).to.equal('warn');
  });

  it('reads kernel parts from its configuration, and tries what is a module', async () => {
    expect((await find('kernel-vxlan'))?.state).to.equal('ok');
    expect((await find('kernel-ipvs'))?.state).to.equal('warn');
    expect((await find('kernel-ipip'))?.found).to.include('unshare --net ip link add');
    const works = { 'unshare --net ip link add': { code: 0 } };
    expect((await find('kernel-ipip', { commands: works }))?.state).to.equal('ok');
  });

  it('names the kernel options that a product lacks, and why it needs them', async () => {
    const option = (name: string) => ({ option: name, why: 'tunnels' });
    const toy = (name: string) => ({ kind: 'cni', name: 'toy', title: 'Toy', kernel: [option(name)] }) as const;
    const { host } = fakeHost();
    expect(await checkProducts(host, [toy('CONFIG_VXLAN')])).to.have.nested.property('[0].state', 'ok');
    const [lacking] = await checkProducts(host, [toy('CONFIG_NOT_THERE')]);
    expect(lacking).to.include({ state: 'warn', found: 'CONFIG_NOT_THERE is not set (tunnels)' });
  });

  it('asks for pip only where a sidecar is built', async () => {
    const checks = await checkHost(fakeHost({ commands: { 'sh -c command -v pip3': { code: 1 } } }).host);
    expect(blockers(checks, { source: true, wheels: false })).to.deep.equal([]);
    expect(blockers(checks, { source: true, wheels: true }).map(({ id }) => id)).to.deep.equal(['pip3']);
    expect(blockers(checks, { source: false, wheels: true })).to.deep.equal([]);
  });
});
