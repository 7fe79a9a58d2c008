import { expect } from 'chai';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrdealError } from '../base/errors.ts';
import { loadTimeouts, parseRunOptions } from './run-options.ts';

describe('parseRunOptions', () => {
  it('defaults to what README promises', () => {
    expect(parseRunOptions({}))
      .to.include({ workers: 2, mesh: 'none', images: 'auto', keep: false })
      .and.deep.include({ cni: ['calico'] });
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

  it('bounds them: a timer of a month goes off at once', async () => {
    const said = async (text: string) => loadTimeouts(await file(text)).catch(String);
    expect(await said('caseMs: 99999999999')).to.match(/caseMs: at most 3600000 is expected/);
    expect(await said('settleMs: 2592000000')).to.match(/settleMs: at most 86400000 is expected/);
    expect(await said('caseMs: 0')).to.match(/caseMs: at least 1 is expected/);
    expect(await said('caseMs: soon')).to.match(/caseMs: a number is expected/);
    expect(await said('conectMs: 1')).to.match(/there is no conectMs/);
  });

  it('refuses unknown fields, text that is not YAML and files that are not there', async () => {
    for (const path of [await file('conectMs: 1'), await file('a: [1'), '/nonexistent/timeouts.yaml']) {
      const error = await loadTimeouts(path).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(OrdealError).with.property('code', 'USAGE');
    }
  });
});
