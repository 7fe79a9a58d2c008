import { expect } from 'chai';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrdealError } from '../base/errors.ts';
import { loadTimeouts, parseRunOptions } from './run-options.ts';

const refused = (flags: object) => {
  try {
    parseRunOptions(flags);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('parseRunOptions', () => {
  it('defaults to what README promises', () => {
    expect(parseRunOptions({}))
      .to.include({ workers: 2, mesh: 'none', images: 'auto', keep: false })
      .and.deep.include({ cni: ['calico'] });
  });

  it('names the flag and the accepted values', () => {
    for (const [flags, said] of [
      [{ cni: 'weave' }, /--cni: .*calico/],
      [{ workers: '9' }, /--workers: .*5/],
      [{ mesh: 'consul' }, /--mesh: .*istio/],
      [{ worlds: '3' }, /--worlds: is now called --concurrency/],
      [{ name: 'Not OK' }, /--name: lower-case/],
      [{ context: 'x' }, /--context needs --kubeconfig/],
      [{ registry: 'r.local', images: 'source' }, /contradicts/],
      [{ allowDisruption: ['network'] }, /--allow-disruption: .*dns.*mesh.*cni.*nodes.*load-balancer.*all/],
      [{ reuse: true }, /--reuse needs --name/],
      [{ reuse: true, name: 'a', kubeconfig: 'f' }, /--reuse needs --name/],
    ] as const) {
      expect(refused(flags)).to.be.instanceOf(OrdealError).with.property('message').that.matches(said);
    }
  });
});

describe('loadTimeouts', () => {
  const file = async (text: string) => {
    const path = join(await mkdtemp(join(tmpdir(), 'ordeal-')), 'timeouts.yaml');
    await writeFile(path, text);
    return path;
  };

  it('lays a file over the defaults', async () => {
    const timeouts = await loadTimeouts(await file('connectMs: 250'));
    expect(timeouts.connectMs).to.equal(250);
    expect(timeouts.settleMs).to.be.greaterThan(0);
  });

  it('refuses unknown fields, text that is not YAML and files that are not there', async () => {
    for (const path of [await file('conectMs: 1'), await file('a: [1'), '/nonexistent/timeouts.yaml']) {
      const error = await loadTimeouts(path).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(OrdealError).with.property('code', 'USAGE');
    }
  });
});
