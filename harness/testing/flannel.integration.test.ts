import { expect } from 'chai';
import { kindContainers, ordeal, scratch, standings } from './ordeal-process.ts';

const name = 'ordeal-it-flannel';

/** Flannel enforces no policy: isolation must come out as unsupported, by detection, and never as passed. */
describe('Flannel on a real cluster', function () {
  this.timeout(30 * 60_000);

  it('conforms, with isolation reported as unsupported, and leaves nothing behind', async () => {
    const folder = await scratch('flannel');
    const ended = await ordeal('run', '--fix', '--cni', 'flannel', '--name', name, '--out', folder);
    const { ids, run } = await standings(folder);
    expect(ids('failed'), 'failed cases').to.deep.equal([]);
    expect(ended.exitCode).to.equal(0);
    const isolation = run.cases.filter((one) => one.needs.includes('NetworkPolicy')).map((one) => one.id);
    expect(isolation).not.to.be.empty;
    expect(ids('unsupported')).to.include.members(isolation);
    expect(await kindContainers(name), 'node containers left behind').to.deep.equal([]);
  });
});
