import { expect } from 'chai';
import type { LossVerdict } from '../measure/loss-rule.ts';
import { confirmLoss } from './confirm-loss.ts';

/** Each path with what its measurements come to, one after another. */
async function confirm(seen: Readonly<Record<string, readonly LossVerdict[]>>) {
  const rounds: string[][] = [];
  const { judged, again } = await confirmLoss(
    Object.keys(seen),
    (paths) => {
      rounds.push([...paths]);
      return Promise.resolve(paths.map((path) => seen[path]?.[rounds.filter((it) => it.includes(path)).length - 1]));
    },
    (measured) => measured ?? 'starved',
  );
  return { verdicts: Object.fromEntries(judged.map(({ path, verdict }) => [path, verdict])), rounds, again };
}

describe('confirmLoss', () => {
  it('measures a sound path once', async () => {
    const { verdicts, rounds, again } = await confirm({ a: ['sound'], b: ['sound'] });
    expect(verdicts).to.deep.equal({ a: 'sound', b: 'sound' });
    expect([rounds, again]).to.deep.equal([[['a', 'b']], []]);
  });

  it('fails what is lossy twice, and only that: one bad moment of the machine passes', async () => {
    const { verdicts, rounds, again } = await confirm({ a: ['lossy', 'lossy'], b: ['lossy', 'sound'] });
    expect(verdicts).to.deep.equal({ a: 'lossy', b: 'sound' });
    expect(rounds).to.have.lengthOf(2);
    expect(again.map(({ path, verdict }) => [path, verdict])).to.deep.equal([
      ['a', 'lossy'],
      ['b', 'lossy'],
    ]);
  });

  it('gives a starved measurement two more, and no verdict where all are', async () => {
    const seen = { a: ['starved', 'starved', 'sound'], b: ['starved', 'lossy', 'lossy'], c: ['starved', 'starved'] };
    const { verdicts, rounds } = await confirm(seen as Record<string, LossVerdict[]>);
    expect(verdicts).to.deep.equal({ a: 'sound', b: 'lossy', c: 'starved' });
    expect(rounds).to.have.lengthOf(3);
  });

  it('has no verdict on what was lossy once and never judged again', async () => {
    expect((await confirm({ a: ['lossy', 'starved', 'starved'] })).verdicts).to.deep.equal({ a: 'starved' });
  });
});
