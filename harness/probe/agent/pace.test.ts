import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import { inPace } from './pace.ts';

const items = Array.from({ length: 60 }, (_, index) => index);
const atOnce = 5;

/** Runs all items, each taking `ms(item)`; returns results and the most that were under way at once. */
async function paced(ms: (item: number) => number) {
  let underWay = 0;
  let most = 0;
  const results = await inPace(items, atOnce, async (item) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await pause(ms(item));
    underWay -= 1;
    return item;
  });
  return { results, most };
}

describe('inPace', () => {
  it('keeps the order whatever ends first', async () => {
    expect((await paced((item) => (item % 3) * 2)).results).to.deep.equal(items);
  });

  it('has no more under way than asked for while answers come', async () => {
    expect((await paced(() => 1)).most).to.be.at.most(atOnce);
  });

  it('is not held up by what stays silent', async () => {
    expect((await paced(() => 1_000)).most).to.equal(items.length);
  });

  it('rejects with the first failure', async () => {
    const work = (item: number) => (item === 9 ? Promise.reject(new Error('nine')) : pause(1));
    const failure: unknown = await inPace(items, atOnce, work).catch((error: unknown) => error);
    expect(failure).to.be.an('error').with.property('message', 'nine');
  });
});
