import { expect } from 'chai';
import fc from 'fast-check';
import { judge, score, type CaseOutcome, type MutationResult, type Verdict } from './judge.ts';

const rules = { mustFail: ['dns-*', 'services-hold*'], mustNotFail: ['connectivity-?elf'] };
const words = ['NXDOMAIN', 'node-b'];
const seen = (id: string, status: string, reason = ''): CaseOutcome => ({ id, status, reason });
const verdict = (...cases: CaseOutcome[]) => judge(rules, words, cases).verdict;

describe('judge', () => {
  it('names a defect when a case that must fail says a word of its kind, whatever its case', () => {
    expect(verdict(seen('dns-a', 'failed', 'answer: nxdomain'), seen('connectivity-self', 'passed'))).to.equal('named');
    expect(verdict(seen('dns-a', 'passed'), seen('dns-b', 'failed', 'from NODE-B'))).to.equal('named');
  });

  it('only detects it when none of those that failed says so', () => {
    expect(verdict(seen('dns-a', 'failed', 'odd'), seen('other', 'failed', 'NXDOMAIN'))).to.equal('detected');
  });

  it('overreaches when a case that must not fail fails too', () => {
    expect(verdict(seen('dns-a', 'failed', 'NXDOMAIN'), seen('connectivity-self', 'failed'))).to.equal('overreached');
  });

  it('misses it when only others fail, or nothing ran', () => {
    expect(verdict(seen('rollout-x', 'failed', 'NXDOMAIN'), seen('dns-a', 'passed'))).to.equal('missed');
    expect(verdict()).to.equal('missed');
    expect(verdict(seen('connectivity-self', 'failed'))).to.equal('missed');
  });

  it('never takes a skipped, unsupported, inconclusive or known failure for a detection', () => {
    for (const status of ['skipped', 'unsupported', 'known-failure', 'unexpected-pass', 'passed']) {
      expect(verdict(seen('dns-a', status, 'NXDOMAIN')), status).to.equal('missed');
    }
    expect(verdict(seen('dns-a', 'inconclusive', 'NXDOMAIN'))).to.equal('inconclusive');
    expect(verdict(seen('dns-a', 'not-run'))).to.equal('inconclusive');
  });
});

const judged = (name: string, of: Verdict): MutationResult => {
  const none: CaseOutcome[] = [];
  const judgement = { verdict: of, failedAsTheyMust: none, failedAgainstTheRule: none, undecided: none };
  return { name, outcome: 'judged', judgement };
};

describe('score', () => {
  it('counts what was tried, and leaves out what does not apply', () => {
    const results: MutationResult[] = [
      judged('a', 'named'),
      judged('b', 'detected'),
      judged('c', 'missed'),
      judged('d', 'overreached'),
      { name: 'e', outcome: 'broken', why: 'x' },
      { name: 'f', outcome: 'not-applicable', why: 'x' },
    ];
    expect(score(results, () => false)).to.deep.equal({ total: 5, detected: 2, named: 1, failed: ['c', 'd', 'e'] });
  });

  it('forgives an optional miss, and never a mutation that could not be tried', () => {
    const results: MutationResult[] = [judged('a', 'missed'), { name: 'b', outcome: 'broken', why: 'x' }];
    expect(score(results, () => true).failed).to.deep.equal(['b']);
  });

  it('fails for nothing exactly when everything tried was detected', () => {
    const verdicts = fc.array(fc.constantFrom<Verdict>('named', 'detected', 'overreached', 'inconclusive', 'missed'));
    fc.assert(
      fc.property(verdicts, (all) => {
        const sum = score(
          all.map((one, index) => judged(String(index), one)),
          () => false,
        );
        expect(sum.failed.length + sum.detected).to.equal(sum.total);
        expect(sum.named).to.be.at.most(sum.detected);
      }),
    );
  });
});
