import { expect } from 'chai';
import { inTurn } from './in-turn.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('runs of the mutation suite', () => {
  it('are judged before their process ends, and begin only after the one before has', async () => {
    const begun: string[] = [];
    const ends = new Map<string, () => void>();
    const run = inTurn((what: string) => {
      begun.push(what);
      const exited = new Promise<number>((resolve) => ends.set(what, () => resolve(0)));
      return Promise.resolve({ cases: [], error: undefined, exited });
    });
    await run('first');
    const second = run('second');
    await tick();
    expect(begun).to.deep.equal(['first']);
    ends.get('first')?.();
    await second;
    expect(begun).to.deep.equal(['first', 'second']);
    let isSettled = false;
    void run.settled().then(() => (isSettled = true));
    await tick();
    expect(isSettled).to.equal(false);
    ends.get('second')?.();
    await tick();
    expect(isSettled).to.equal(true);
  });
});
