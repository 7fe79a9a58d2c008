import { expect } from 'chai';
import type { ProbeResult } from '../probe/types.ts';
import { PathDelays } from './path-delay.ts';

const took = (ms: number): ProbeResult => ({ verdict: 'open', elapsedUs: ms * 1000 });
const slowMs = 25;

/** A hundred looks at each of four paths; `late`: what the answers of the first take, look by look. */
function judged(late: (look: number) => number, others = 1, own: (look: number) => number = () => 0.5) {
  const delays = new PathDelays();
  for (let look = 0; look < 100; look++) {
    for (const [index, key] of ['a -> b', 'a -> c', 'a -> d', 'a -> e'].entries()) {
      const [from = '', to = ''] = key.split(' -> ');
      delays.note({ key, kind: 'udp', from, to }, took(index === 0 ? late(look) : others), took(own(look)));
    }
  }
  return delays.judge(slowMs);
}

describe('the delays of held paths', () => {
  it('are slow where every packet is late, with figures', () => {
    const { slow, groups } = judged(() => 40.5);
    expect(slow.map(({ line }) => line)).to.deep.equal([
      'a -> b: slow, later than own loopback: three of four answers by 40.0 ms or more, median 40.0 ms (limit 26.5 ms)',
    ]);
    expect(groups).to.deep.equal([{ kind: 'udp', limitMs: 26.5, medianMs: 0.5, slowestMs: 40 }]);
  });

  it('are those of a busy server where the quicker answers come at once', () => {
    expect(judged((look) => (look % 3 === 0 ? 2 : 50)).slow).to.deep.equal([]);
  });

  it('are slow where half of the answers are very late, as behind one bad server of two', () => {
    expect(judged((look) => (look % 5 < 2 ? 2 : 1_900)).slow).to.have.length(1);
  });

  it('grow with what servers take here', () => {
    expect(judged(() => 60, 15).slow).to.deep.equal([]);
    expect(judged(() => 90, 15).slow).to.have.length(1);
  });

  it('are to blame on a busy machine too where both ends are quick elsewhere, and only then', () => {
    const late = (quickAnswers: readonly string[]) => {
      const delays = new PathDelays();
      for (let look = 0; look < 100; look++) {
        for (const key of ['a -> b', 'a -> c', 'd -> b', 'd -> c', 'd -> e']) {
          const [from = '', to = ''] = key.split(' -> ');
          delays.note({ key, kind: 'tcp', from, to }, took(quickAnswers.includes(key) ? 1 : 81), took(0.5));
        }
      }
      return delays.judge(slowMs).toBlame.map(({ key }) => key);
    };
    expect(late(['a -> c', 'd -> b', 'd -> c', 'd -> e'])).to.deep.equal(['a -> b']);
    expect(late(['a -> c', 'd -> c', 'd -> e']), 'b was starved').to.deep.equal([]);
    expect(late(['d -> b', 'd -> c', 'd -> e']), 'a was starved').to.deep.equal([]);
  });

  it('say nothing where the agent itself was rarely quick', () => {
    const { slow, blind } = judged(
      () => 90,
      1,
      (look) => (look < 5 ? 1 : 30),
    );
    expect(slow).to.deep.equal([]);
    expect(blind).to.have.length(4);
    expect(blind[0]).to.equal('a -> b: 5 looks');
  });
});
