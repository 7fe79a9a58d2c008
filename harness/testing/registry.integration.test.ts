import { expect } from 'chai';
import { execa } from 'execa';
import { registry as component } from '../../clusters/components/registry.ts';
import { dockerLoad } from '../images/archive.ts';
import { hostContext } from '../images/context.ts';
import { ensureImage } from '../images/image-build.ts';
import { kindContainers, ordeal, scratch, caseStatuses } from './ordeal-process.ts';
import { ownName } from './own-names.ts';

const name = ownName('registry');
const port = 5055;
const mirror = `127.0.0.1:${port}/mirror`;
const container = ownName('registry-server');

async function startRegistry(): Promise<void> {
  const context = hostContext();
  for (const [reference, layout] of Object.entries(component.images ?? {})) {
    const record = await ensureImage(context, { component, reference, layout });
    await dockerLoad(context, [{ tag: reference, record }]);
    await execa('docker', ['run', '-d', '--rm', '--name', container, '-p', `127.0.0.1:${port}:5000`, reference]);
  }
}

/** The registry path for real: a private mirror on loopback, filled with what was built, provisions a cluster. */
describe('A cluster from a private registry', function () {
  this.timeout(30 * 60_000);

  after(async () => {
    await execa('docker', ['rm', '--force', '--volumes', container], { reject: false });
    await ordeal('clean', '--name', name, '--force');
  });

  it('comes up from pulled images alone, and conforms', async () => {
    await startRegistry();
    const pushed = await ordeal('images', 'push', mirror, '--cni', 'flannel');
    expect(pushed.exitCode).to.equal(0);
    const out = await scratch('registry');
    const cluster = ['--cni', 'flannel', '--workers', '0', '--name', name];
    const cases = ['--include', 'dns-cluster-name', '--include', 'services-kubernetes-api'];
    const ended = await ordeal('run', ...cluster, '--images', 'auto', '--registry', mirror, '--out', out, ...cases);
    const { run, ids } = await caseStatuses(out);
    expect(ended.exitCode).to.equal(0);
    expect(ids('passed')).to.have.length(2);
    expect(run.environment?.host['image source']).to.match(/^registry/);
    expect(await kindContainers(name)).to.deep.equal([]);
  });
});
