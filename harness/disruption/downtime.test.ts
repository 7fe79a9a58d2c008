import type { Sample } from '../probe/agent-types.ts';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Verdict } from '../probe/types.ts';
import { downtimeWindows, isFailure, summariseDowntime } from './downtime.ts';

const everyMs = 10;
const letters: Readonly<Record<string, Pick<Sample, 'verdict' | 'error'>>> = {
  '.': { verdict: 'open' },
  R: { verdict: 'refused', error: 'ECONNREFUSED' },
  X: { verdict: 'dropped', error: 'timeout' },
  '5': { verdict: 'open', error: 'HTTP 503' },
  '?': { verdict: 'inconclusive', error: 'EMFILE' },
};

/** Samples as a line of letters, one every ten milliseconds. */
function script(line: string): Sample[] {
  const broken = { verdict: 'inconclusive' as Verdict };
  return line.split('').map((letter, i) => ({ atMs: i * everyMs, latencyUs: 1, ...(letters[letter] ?? broken) }));
}
const spans = (line: string) => downtimeWindows(script(line)).map(({ fromMs, toMs }) => [fromMs, toMs]);

describe('downtime windows', () => {
  it('run from the due time of the first failure to that of the next success', () => {
    expect(spans('..RR..X.')).to.deep.equal([
      [20, 40],
      [60, 70],
    ]);
    expect(spans('....')).to.deep.equal([]);
  });

  it('count server errors as failures and tell classes apart', () => {
    const [window] = downtimeWindows(script('.R5R.'));
    expect(window).to.deep.include({ failures: 3, classes: { 'refused: ECONNREFUSED': 2, 'open: HTTP 503': 1 } });
  });

  it('say when the samples end before the recovery', () => {
    expect(downtimeWindows(script('..RR'))).to.deep.include({
      fromMs: 20,
      toMs: 30,
      ms: 10,
      recovered: false,
      failures: 2,
      classes: { 'refused: ECONNREFUSED': 2 },
    });
  });

  it('take an attempt the tool broke on for neither up nor down', () => {
    expect(spans('.R?R.')).to.deep.equal([[10, 40]]);
    expect(spans('.?.')).to.deep.equal([]);
    expect(summariseDowntime(script('.?R.'))).to.deep.equal({
      windows: 1,
      sumMs: 10,
      longestMs: 10,
      failures: 1,
      attempts: 4,
      inconclusive: 1,
    });
  });

  it('hold every failure exactly once, do not overlap and touch no success', () => {
    const line = fc.string({ unit: fc.constantFrom(...Object.keys(letters)), maxLength: 40 });
    fc.assert(
      fc.property(line, (text) => {
        const samples = script(text);
        const windows = downtimeWindows(samples);
        expect(windows.reduce((sum, { failures }) => sum + failures, 0)).to.equal(samples.filter(isFailure).length);
        windows.slice(1).forEach((window, i) => expect(window.fromMs).to.be.greaterThan(windows[i]?.toMs ?? Infinity));
        const inside = (at: number) => windows.some(({ fromMs, toMs }) => fromMs <= at && at < toMs);
        const successes = samples.filter(({ verdict, error }) => verdict === 'open' && error === undefined);
        expect(successes.some(({ atMs }) => inside(atMs))).to.equal(false);
      }),
    );
  });
});
