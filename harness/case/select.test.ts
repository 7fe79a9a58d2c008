import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { defineCase } from './define-case.ts';
import { defaultSelection, selectCases } from './select.ts';

const run = () => Promise.resolve();
const cases = [
  defineCase({ id: 'dns-a', title: 'a', area: 'dns', touches: 'own', rights: [], tags: ['fast'], run }),
  defineCase({ id: 'dns-b', title: 'b', area: 'dns', touches: 'own', rights: [], tier: 'extended', run }),
  defineCase({
    id: 'services-a',
    title: 'c',
    area: 'services',
    touches: 'own',
    rights: [],
    tags: ['e2e:conformance'],
    run,
  }),
];
const ids = (include: string[], exclude: string[] = []) => selectCases(cases, include, exclude).map((one) => one.id);

describe('selectCases', () => {
  it('takes all without patterns and keeps the order', () => {
    expect(ids([])).to.deep.equal(['dns-a', 'dns-b', 'services-a']);
  });

  it('understands areas, tiers, tags, id globs, and their exclusion', () => {
    expect(ids(['dns'])).to.deep.equal(['dns-a', 'dns-b']);
    expect(ids(['extended'])).to.deep.equal(['dns-b']);
    expect(ids(['tag:fast'])).to.deep.equal(['dns-a']);
    expect(ids(['tag:e2e:conformance'])).to.deep.equal(['services-a']);
    expect(ids(['*-a'])).to.deep.equal(['dns-a', 'services-a']);
    expect(ids([], ['area:dns'])).to.deep.equal(['services-a']);
  });

  it('leaves the extended tier out when nothing is chosen, and says how many', () => {
    const { chosen, leftOut } = defaultSelection(cases);
    expect(chosen.map((one) => one.id)).to.deep.equal(['dns-a', 'services-a']);
    expect(leftOut).to.equal(1);
  });

  it('refuses a pattern that matches nothing, naming what is accepted', () => {
    expect(() => ids(['dsn']))
      .to.throw(OrdealError, /no case matches "dsn"/)
      .with.property('code', 'USAGE');
    expect(() => ids(['dns-[a'])).to.throw(OrdealError);
  });
});
