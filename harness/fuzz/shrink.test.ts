import { expect } from 'chai';
import { policy } from '../oracle/testing.test-support.ts';
import { shrink, smallerPolicies } from './shrink.ts';

describe('fuzz: shrinking', () => {
  const rich = policy(
    'x/rich',
    `{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress, Egress], egress: [{}],
      ingress: [{from: [{podSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 80}]}, {}]}`,
  );
  const small = policy('x/small', '{podSelector: {}}');

  it('offers only policies an API server accepts', () => {
    const offered = [...smallerPolicies([rich])].map((list) => JSON.stringify(list[0]?.spec ?? 'none'));
    expect(offered).to.include('"none"');
    expect(offered.some((it) => it.includes('"ipBlock":{}'))).to.equal(false);
    expect(offered.every((it) => it === '"none"' || it.includes('"podSelector"'))).to.equal(true);
  });

  it('ends at the smallest that still shows, within the budget', async () => {
    const showsPort = (list: readonly unknown[]) => Promise.resolve(JSON.stringify(list).includes('"port":80'));
    const found = await shrink([small, rich, small], showsPort, 500);
    expect(found.map((it) => it.spec)).to.deep.equal([{ podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] }]);
    let asked = 0;
    const counting = () => Promise.resolve((asked += 1) > 0);
    await shrink([small, rich, small], counting, 2);
    expect(asked).to.equal(2);
  });
});
