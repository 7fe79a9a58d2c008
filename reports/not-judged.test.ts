import { expect } from 'chai';
import type { Outcome } from '../harness/events/types.ts';
import { fixtureRun } from './fixture.test-support.ts';
import { conformanceYaml } from './conformance.ts';
import { runPage } from './html/run-page.ts';
import { junitXml } from './junit.ts';
import { terminalSummary } from './terminal.ts';
import { runConclusion } from './verdict.ts';

const outcomes: Readonly<Record<string, Outcome>> = {
  'networkpolicy-case-07': 'passed',
  'networkpolicy-case-19': 'passed',
  'faults-case-06': 'passed',
};

describe('a verdict', () => {
  it('names what it does not rest on, in every report', async () => {
    const leftOut = [{ cases: 90, why: 'left out by default: tier extended' }];
    const run = { ...(await fixtureRun({ outcomes })), leftOut };
    const said = /Not judged: 8 cases unsupported \(.*\); 1 case skipped \(.*\); 90 cases left out by default/;
    expect(runConclusion(run)).to.include({ word: 'CONFORMS', exitCode: 0 });
    for (const text of [terminalSummary(run), runPage(run), junitXml(run), conformanceYaml(run)])
      expect(text).to.match(said);
  });

  it('of a run whose required feature is absent or undetermined is no CONFORMS, and says which', async () => {
    const run = await fixtureRun({ outcomes });
    const { environment } = run;
    if (environment === undefined) throw new Error('the fixture has an environment');
    const demanding = (observed: false | 'undetermined') => {
      const sctp = {
        feature: 'SCTP',
        observed,
        declared: 'unknown' as const,
        evidence: 'was seen',
        required: true as const,
      };
      return runConclusion({ ...run, environment: { ...environment, features: [sctp] } });
    };
    expect(demanding(false)).to.include({ word: 'DOES NOT CONFORM', exitCode: 1 });
    expect(demanding(false).because).to.contain('SCTP is required and not there: was seen');
    expect(demanding('undetermined')).to.include({ word: 'INCONCLUSIVE', exitCode: 4 });
  });
});
