import { expect } from 'chai';
import { type Feature, features, universalFeatures } from '../../clusters/names.ts';
import type { FeatureState } from '../cluster/types.ts';
import { feature } from './define-case.ts';
import { firstGap } from './needs.ts';

const state = (name: Feature, observed: FeatureState['observed'], declared: FeatureState['declared'] = 'unknown') =>
  [name, { feature: name, observed, declared, evidence: 'the pods stayed Pending' }] as const;
const gap = (states: readonly (readonly [Feature, FeatureState])[], required: readonly Feature[] = []) =>
  firstGap(
    states.map(([name]) => feature(name)),
    new Map(states),
    new Set(required),
  );

describe('firstGap', () => {
  it('is inconclusive where nobody could determine, with the reason, never unsupported', () => {
    for (const name of features.filter((one) => !universalFeatures.has(one))) {
      expect(gap([state(name, 'undetermined')])).to.include({ outcome: 'inconclusive' });
      expect(gap([state(name, 'undetermined')])?.reason).to.contain('the pods stayed Pending');
    }
  });

  it('lets a case run whose feature every cluster has, whatever was seen of it', () => {
    for (const name of universalFeatures) {
      expect(gap([state(name, false)])).to.equal(undefined);
      expect(gap([state(name, 'undetermined')])).to.equal(undefined);
      expect(firstGap([feature(name)], new Map())).to.equal(undefined);
    }
  });

  it('lets a case run whose feature is declared, and calls unsupported or skipped what is known to be absent', () => {
    expect(gap([state('NetworkPolicy', false, true)])).to.equal(undefined);
    expect(gap([state('NetworkPolicy', 'undetermined', true)])).to.equal(undefined);
    expect(gap([state('HostPort', false)])).to.include({ outcome: 'unsupported' });
    expect(gap([state('SCTP', false)])).to.include({ outcome: 'skipped' });
    expect(gap([state('SCTP', 'undetermined'), state('NetworkPolicy', false)])).to.include({ outcome: 'unsupported' });
  });

  it('fails what --require names and is not there, and no baseline excuses it', () => {
    expect(gap([state('SCTP', false)], ['SCTP'])).to.include({ outcome: 'failed', unexplained: true });
    expect(gap([state('MultiNode', false), state('SCTP', false)], ['SCTP'])?.reason).to.match(/^--require SCTP: needs/);
    expect(gap([state('SCTP', 'undetermined')], ['SCTP'])).to.include({ outcome: 'inconclusive' });
    expect(gap([state('SCTP', true)], ['SCTP'])).to.equal(undefined);
  });
});
