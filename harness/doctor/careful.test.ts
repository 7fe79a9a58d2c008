import { expect } from 'chai';
import type { Progress } from '../base/progress.ts';
import { plannedChanges, runInstall } from './apt-install.ts';
import { fakeHost } from './fake-host.test-support.ts';
import { isStalePid } from './start-docker.ts';

const apt = 'env DEBIAN_FRONTEND=noninteractive apt-get';
const simulated = 'Inst gcc (4:14.2 Debian)\nInst libc6 [2.36] (2.41 Debian)\nConf gcc (4:14.2 Debian)\n';
const plan = { packages: ['gcc'], newer: [], announcements: [] };

function listener(): { progress: Progress; said: string[] } {
  const said: string[] = [];
  return { progress: { step: (_, work) => work(() => undefined), note: (line) => void said.push(line) }, said };
}

describe('installing packages', () => {
  it('tells first what apt would change, and may remove nothing', async () => {
    const { host, asked } = fakeHost({ commands: { [apt]: {}, [`${apt} --simulate`]: { out: simulated } } });
    const { progress, said } = listener();
    await runInstall(host, plan, progress);
    expect(said).deep.equal(['apt-get will add: gcc', 'apt-get will upgrade: libc6']);
    const installs = asked.filter((line) => line.includes(' install '));
    expect(installs[0]).include('--simulate');
    expect(installs).length(2);
    for (const line of installs) expect(line).include('--no-remove');
  });

  it('leaves the machine alone where something would have to go', async () => {
    const err = 'E: Packages need to be removed but remove is disabled.';
    const { host, asked } = fakeHost({ commands: { [apt]: {}, [`${apt} --simulate`]: { code: 100, err } } });
    const error: unknown = await runInstall(host, plan, listener().progress).catch((caught: unknown) => caught);
    expect(error).property('remedy').include('Ordeal removes nothing');
    expect(asked.filter((line) => line.includes(' install ') && !line.includes('--simulate'))).deep.equal([]);
  });

  it('says nothing of a plan that changes nothing', () => {
    expect(plannedChanges('0 upgraded, 0 newly installed.\n')).deep.equal([]);
  });
});

describe("an engine's pid file", () => {
  const file = { '/var/run/docker.pid': '7\n' };
  for (const [what, files, devices, stale] of [
    ['of another program of today', { ...file, '/proc/7/comm': 'sh' }, '40\n40\n', true],
    ['of nobody', file, '40\n40\n', true],
    ['of an engine that runs', { ...file, '/proc/7/comm': 'dockerd' }, '40\n40\n', false],
    ['of another namespace, mounted here', file, '40\n25\n', false],
    ['that is not there', {}, '', false],
  ] as const) {
    it(`${what} is ${stale ? '' : 'not '}taken away`, async () => {
      expect(await isStalePid(fakeHost({ files, commands: { stat: { out: devices } } }).host)).equal(stale);
    });
  }
});
