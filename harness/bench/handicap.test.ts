import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { parseHandicap } from './handicap.ts';

describe('a handicap', () => {
  it('names a network, a fault of pods and its strength', () => {
    const { subject, driver, settings } = parseHandicap('calico-2=delay:ms=5,jitterMs=1');
    expect([subject, driver.name, settings]).to.deep.equal(['calico-2', 'delay', { ms: 5, jitterMs: 1 }]);
  });

  it('is refused where it is none', () => {
    for (const text of [
      'calico',
      'calico=',
      'calico=plague',
      'calico=drain',
      'calico=delay:ms=-1',
      'a=delay:speed=1',
    ]) {
      expect(() => parseHandicap(text), text).to.throw(OrdealError);
    }
  });
});
