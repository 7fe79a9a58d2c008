import { expect } from 'chai';
import { Gate } from './gate.ts';

describe('a gate', () => {
  it('lets no more through at once than it has places, in order, and goes on after a failure', async () => {
    const gate = new Gate(2);
    const begun: number[] = [];
    let inside = 0;
    let most = 0;
    const work = async (index: number) => {
      begun.push(index);
      most = Math.max(most, (inside += 1));
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      if (index === 1) throw new Error('broken');
    };
    const all = [0, 1, 2, 3, 4].map((index) => gate.pass(() => work(index)));
    const outcomes = await Promise.allSettled(all);
    expect(outcomes.map(({ status }) => status === 'fulfilled')).to.deep.equal([true, false, true, true, true]);
    expect(begun).to.deep.equal([0, 1, 2, 3, 4]);
    expect(most).to.equal(2);
  });
});
