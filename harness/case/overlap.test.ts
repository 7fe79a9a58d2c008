import { expect } from 'chai';
import fc from 'fast-check';
import { type IdleLoad, idleLoadOf } from './idle-load.ts';
import { Overlap } from './overlap.ts';

interface Named {
  readonly id: string;
  readonly idleLoad?: IdleLoad;
}

const taking = (id: string, seconds: number, cores: number): Named => ({ id, idleLoad: { seconds, cores } });
const tick = () => new Promise((resolve) => setImmediate(resolve));

/** Begins cases that end when told. */
function begun(cases: readonly Named[], cores: number) {
  const ids: string[] = [];
  const ends = new Map<string, () => void>();
  const overlap = new Overlap(
    cases,
    ({ id }) => {
      ids.push(id);
      return new Promise<void>((end) => ends.set(id, end));
    },
    cores,
  );
  const done = overlap.run();
  const end = async (id: string) => {
    ends.get(id)?.();
    await tick();
  };
  return { ids, end, done, overlap };
}

const flows = taking('flows', 70, 0.1);
const [hold1, hold2] = [taking('hold-1', 38, 0.3), taking('hold-2', 38, 0.3)];
const loss = taking('loss', 10, 0.3);

describe('what overlaps the rest of a run', () => {
  it('begins the costliest first, so that a hold runs beside a rollout, and at once what takes next to nothing', async () => {
    const rollouts = [taking('rollout-1', 30, 0.4), taking('rollout-2', 30, 0.4)];
    const { ids, end } = begun([hold1, hold2, ...rollouts, flows], 0.8);
    expect(ids).to.deep.equal(['flows', 'rollout-1', 'hold-1']);
    await end('rollout-1');
    expect(ids.at(-1)).to.equal('rollout-2');
  });

  it('begins as many as their loads allow', async () => {
    const { ids, end } = begun([loss, hold1, hold2, flows], 0.7);
    expect(ids).to.deep.equal(['flows', 'hold-1', 'hold-2']);
    await end('hold-2');
    expect(ids.at(-1)).to.equal('loss');
  });

  it('lets a small one go ahead of what does not fit', () => {
    expect(begun([hold1, taking('hold-3', 36, 0.3), taking('short', 20, 0.11)], 0.45).ids).to.deep.equal([
      'hold-1',
      'short',
    ]);
  });

  it('runs one that is too large, alone', async () => {
    const { ids, end, done } = begun([taking('large', 5, 3), flows], 0.2);
    expect(ids).to.deep.equal(['flows']);
    await end('flows');
    expect(ids).to.deep.equal(['flows', 'large']);
    await end('large');
    await done;
  });

  it('takes more once told that the rest is done', () => {
    const { ids, overlap } = begun([hold1, hold2], 0.3);
    expect(ids).to.deep.equal(['hold-1']);
    overlap.widen(0.6);
    expect(ids).to.deep.equal(['hold-1', 'hold-2']);
  });

  it('ends at once where there is nothing, and fails as a case does', async () => {
    await begun([], 1).done;
    const broken = new Overlap([flows], () => Promise.reject(new Error('disk full')), 1);
    expect(String(await broken.run().catch((error: unknown) => error))).to.equal('Error: disk full');
  });

  it('never takes more than its cores, and runs each case once', async () => {
    const loads = fc.record({ seconds: fc.integer({ min: 0, max: 90 }), cores: fc.integer({ min: 1, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(loads, { maxLength: 12 }), fc.integer({ min: 9, max: 20 }), async (all, cores) => {
        const cases = all.map((idleLoad, index) => ({ id: String(index), idleLoad }));
        const order: string[] = [];
        let taken = 0;
        const judge = async (one: (typeof cases)[number]) => {
          order.push(one.id);
          taken += idleLoadOf(one).cores;
          expect(taken).to.be.at.most(cores);
          for (let turn = 0; turn < one.idleLoad.seconds % 5; turn++) await Promise.resolve();
          taken -= idleLoadOf(one).cores;
        };
        await new Overlap(cases, judge, cores).run();
        expect(order.toSorted()).to.deep.equal(cases.map(({ id }) => id).toSorted());
      }),
    );
  });
});
