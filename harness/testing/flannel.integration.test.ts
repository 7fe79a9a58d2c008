import { expect } from 'chai';
import { failedTwice, kindContainers, ordeal, scratch, caseStatuses } from './ordeal-process.ts';
import { ownName } from './own-names.ts';

const name = ownName('flannel');

/** Flannel enforces no policy: isolation must come out as unsupported, by detection, and never as passed. */
describe('Flannel on a real cluster', function () {
  this.timeout(30 * 60_000);

  it('conforms, with isolation reported as unsupported, and leaves nothing behind', async () => {
    const folder = await scratch('flannel');
    const ended = await ordeal('run', '--fix', '--cni', 'flannel', '--name', name, '--out', folder);
    const { ids, run } = await caseStatuses(folder);
    const relapsed = ids('failed').length + ids('inconclusive').length > 0;
    const broken = await failedTwice(folder, 'flannel');
    expect(broken.length, `cases that did not pass:\n${broken.join('\n')}`).to.equal(0);
    if (!relapsed) expect(ended.exitCode).to.equal(0);
    const isolation = run.cases.filter((one) => one.needs.includes('NetworkPolicy')).map((one) => one.id);
    expect(isolation).not.to.be.empty;
    expect(ids('unsupported')).to.include.members(isolation);
    expect(await kindContainers(name), 'node containers left behind').to.deep.equal([]);
  });
});
