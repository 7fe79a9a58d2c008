import { expect } from 'chai';
import type { Judgement, MutationResult } from './judge.ts';
import { markdownOf, summaryOf, textOf, type SuiteResult } from './report.ts';

const told = [{ id: 'dns-a', status: 'failed', reason: 'NXDOMAIN |\n for a' }];
const judgement: Judgement = { verdict: 'named', failedAsTheyMust: told, failedAgainstTheRule: [], undecided: [] };
const named: MutationResult = { name: 'dns-gone', outcome: 'judged', judgement };
const broken: MutationResult = { name: 'loss-5', outcome: 'broken', why: 'no nft' };
const result: SuiteResult = {
  cni: 'calico',
  results: [named, broken],
  score: { total: 2, detected: 1, named: 1, failed: ['loss-5'] },
  clean: { runs: 10, alarms: [{ run: 3, cases: told }] },
};

describe('report of the mutation suite', () => {
  it('counts, names what had to be detected, and each false alarm', () => {
    expect(summaryOf(result)).to.deep.equal([
      'calico: detected 1, named 1, of 2 mutations; false alarms in 1 of 10 clean runs',
      'not detected, though they have to be: loss-5',
      'clean run 3: dns-a: NXDOMAIN | for a',
    ]);
    expect(summaryOf({ ...result, stopped: 'no undo' }).at(-1)).to.equal('stopped early: no undo');
  });

  it('has a line for each mutation, with the case that told and why one could not be tried', () => {
    const text = textOf(result);
    expect(text).to.match(/^dns-gone +named +dns-a +"NXDOMAIN \| for a"$/m);
    expect(text).to.match(/^loss-5 +broken +"no nft"$/m);
  });

  it('is a table in Markdown too, whatever a reason holds', () => {
    const rows = markdownOf(result, [])
      .split('\n')
      .filter((line) => line.startsWith('| dns-gone'));
    expect(rows).to.deep.equal([String.raw`| dns-gone |  | named | dns-a | NXDOMAIN \| for a |`]);
  });
});
