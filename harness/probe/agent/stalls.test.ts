import { expect } from 'chai';
import { StallWatch } from './stalls.ts';

describe('StallWatch', () => {
  it('tells when, and for how long, the process did not run, also of a stall that no timer has seen yet', () => {
    let us = 0;
    const watch = new StallWatch(() => us);
    watch.stop();
    us = 260_000;
    expect(watch.recent()).to.deep.equal([]);
    us += 7_250_000;
    expect(watch.recent()).to.deep.equal([{ endedAgoMs: 0, ms: 7_000 }]);
    us += 100_000;
    expect(watch.recent()).to.deep.equal([{ endedAgoMs: 100, ms: 7_000 }]);
  });

  it('keeps the last 256', () => {
    let us = 0;
    const watch = new StallWatch(() => us);
    watch.stop();
    for (let round = 0; round < 300; round++) {
      us += 1_000_000;
      watch.recent();
    }
    expect(watch.recent()).to.have.lengthOf(256);
  });
});
