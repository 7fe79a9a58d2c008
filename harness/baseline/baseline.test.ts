import { expect } from 'chai';
import { cniNames } from '../../clusters/index.ts';
import fc from 'fast-check';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Outcome } from '../events/types.ts';
import { baselinesRoot } from '../base/paths.ts';
import { classifierOf, loadBaseline, deviationsOf } from './baseline.ts';
import type { Baseline } from './baseline.ts';

const baseline: Baseline = {
  cni: 'cilium',
  entries: [
    {
      case: 'networkpolicy-*ipblock*',
      expected: 'failed',
      reason: 'ipBlock does not select pods',
      link: 'https://github.com/cilium/cilium/issues/9209',
      versions: '>=1.14 <1.20',
      signature: { cells: 'deviations' },
    },
  ],
};

async function loadText(text: string): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'ordeal-baseline-'));
  writeFileSync(join(folder, 'cilium.yaml'), text);
  return loadBaseline('cilium', pathToFileURL(`${folder}/`)).catch((error: unknown) => error);
}

describe('baseline classification', () => {
  const classify = classifierOf(baseline, 'v1.19.3');
  const explained = { outcome: 'failed', explained: true } as const;

  it('knows a failure by id and version, with reason and link', () => {
    const known = classify('networkpolicy-egress-ipblock-except', explained);
    expect(known.note).to.equal('known-failure');
    expect(known.reason).to.contain('ipBlock does not select pods').and.contain('9209');
    expect(classify('networkpolicy-egress-ipblock-except', { outcome: 'passed' }).note).to.equal('unexpected-pass');
    expect(classify('xnetworkpolicy-ipblock', { outcome: 'failed' }).note).to.equal('as-expected');
  });

  it('counts a failure in full that is not the known one, and says what was known', () => {
    const other = classify('networkpolicy-egress-ipblock-except', { outcome: 'failed', unexplained: true });
    expect(other).to.have.property('note', 'as-expected');
    expect(classify('networkpolicy-ipblock', { outcome: 'failed', reason: 'a grid was not open' })).to.eql(other);
    expect(other.reason).to.match(/^the baseline knows another: ipBlock does not select pods/);
  });

  it('knows a failure outside tables by a pattern of its reason alone', () => {
    const [entry] = baseline.entries;
    if (entry === undefined) throw new Error('the baseline of this test has an entry');
    const signature = { reason: '^[1-9] of \\d+ attempts failed' };
    const noted = (judged: Parameters<typeof classify>[1]) =>
      classifierOf({ ...baseline, entries: [{ ...entry, signature }] }, '1.19.3')('networkpolicy-ipblock', judged).note;
    expect(noted({ outcome: 'failed', reason: '3 of 400 attempts failed on new' })).to.equal('known-failure');
    for (const reason of [undefined, '300 of 400 attempts failed', 'not rolled out'])
      expect(noted({ outcome: 'failed', reason })).to.equal('as-expected');
    expect(noted({ outcome: 'failed', reason: '3 of 400 attempts failed', unexplained: true })).to.equal('as-expected');
  });

  it('has the deviations of the versions they are of', () => {
    const { link } = baseline.entries[0] ?? {};
    const deviation = 'ipblock-selects-no-pods' as const;
    const known = { ...baseline, deviations: [{ deviation, link: link ?? '', versions: '<1.20' }] };
    expect(deviationsOf(known, 'v1.19.3')).to.eql([deviation]);
    expect([deviationsOf(known, '1.20.0'), deviationsOf(baseline, '1.19.3')]).to.eql([[], []]);
  });

  it('takes a pass for no news where timing decides, and the failure for known', () => {
    const [entry] = baseline.entries;
    if (entry === undefined) throw new Error('the baseline of this test has an entry');
    const sometimes = classifierOf({ ...baseline, entries: [{ ...entry, expected: 'sometimes-failed' }] }, '1.19.3');
    expect(sometimes('networkpolicy-ipblock', explained).note).to.equal('known-failure');
    expect(sometimes('networkpolicy-ipblock', { outcome: 'passed' })).to.deep.equal({ note: 'as-expected' });
  });

  it('applies only inside the version range, and never to a version nobody can read', () => {
    const noteAt = (version: string): string =>
      classifierOf(baseline, version)('networkpolicy-ipblock', explained).note;
    expect(['v1.14.0', '1.19.99', 'v1.19.0-rc.1'].map(noteAt)).to.deep.equal(Array(3).fill('known-failure'));
    expect(['v1.20.0', '1.13.9', 'unknown', ''].map(noteAt)).to.deep.equal(Array(4).fill('as-expected'));
  });

  it('forgives failures only where an entry says so, whatever the id', () => {
    const ids = fc.stringMatching(/^[a-z][a-z-]{0,30}$/);
    fc.assert(
      fc.property(ids, fc.constantFrom(...Outcome.options), (id, outcome) => {
        const listed = id.startsWith('networkpolicy-') && id.slice('networkpolicy-'.length).includes('ipblock');
        if (!listed) expect(classify(id, { outcome }).note).to.equal('as-expected');
      }),
    );
  });

  it('says nothing about cases that were not judged', () => {
    for (const outcome of ['inconclusive', 'unsupported', 'skipped'] as const) {
      expect(classify('networkpolicy-ipblock', { outcome })).to.deep.equal({ note: 'as-expected' });
    }
  });
});

describe('baseline files', () => {
  it('are all well-formed and named after their CNI', async () => {
    const files = readdirSync(baselinesRoot).filter((name) => name.endsWith('.yaml'));
    const names = files.map((file) => file.replace('.yaml', ''));
    expect(cniNames).to.include.members(names);
    for (const name of names) expect((await loadBaseline(name)).cni).to.equal(name);
  });

  it('are empty for a CNI nobody keeps one for', async () => {
    expect(await loadBaseline('other')).to.deep.equal({ cni: 'other', entries: [] });
  });

  it('are refused with file and field when malformed', async () => {
    const entry = 'case: a\n    expected: failed\n    reason: r\n    link: https://example.org';
    expect(String(await loadText(`cni: cilium\nentries:\n  - ${entry}\n    versions: sometimes\n`))).to.match(
      /cilium\.yaml.*semver range/s,
    );
    expect(String(await loadText(`cni: cilium\nentries:\n  - ${entry}\n    versions: '>=1.0'\n`))).to.match(
      /signature/,
    );
    expect(String(await loadText('cni: calico\nentries: []\n'))).to.contain('it says cni: calico');
    expect(String(await loadText('cni: [\n'))).to.contain('reading the baseline');
  });
});
