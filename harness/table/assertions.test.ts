import { AssertionError, expect } from 'chai';
import { assertNoDifference, assertNone, assertSame } from './assertions.ts';

const lines = Array.from({ length: 7 }, (_, n) => `a on n1 -> tcp 10.0.0.${n}:80: 3000 ms`);

describe('assertNone', () => {
  it('says how many there are and what the first of them are, never an array', () => {
    expect(() => assertNone(lines, 'paths slower than 2500 ms')).to.throw(
      AssertionError,
      /^paths slower than 2500 ms: 7 found: a on n1 -> tcp 10\.0\.0\.0:80: 3000 ms; .*10\.0\.0\.4:80: 3000 ms; \.\.\.$/,
    );
    expect(() => assertNone(lines.slice(0, 1), 'slow')).to.throw(AssertionError, /^slow: 1 found: [^;]*3000 ms$/);
  });

  it('passes where there is none', () => {
    assertNone([], 'paths');
    assertNoDifference(undefined);
  });
});

describe('assertNoDifference', () => {
  it('fails with the line and nothing else', () => {
    expect(() => assertNoDifference('wanted open')).to.throw(AssertionError, /^wanted open$/);
  });
});

describe('assertSame', () => {
  it('names both lists in full where one is missing, or the order is another', () => {
    const wanted = ['fleet-0-0', 'fleet-0-1', 'fleet-1-0', 'fleet-1-1'];
    assertSame(wanted, wanted, 'who answered');
    expect(() => assertSame(wanted.slice(1), wanted, 'who answered')).to.throw(
      AssertionError,
      'who answered: fleet-0-1, fleet-1-0, fleet-1-1; wanted fleet-0-0, fleet-0-1, fleet-1-0, fleet-1-1',
    );
    expect(() => assertSame([503, 200], [200, 503], 'health')).to.throw('health: 503, 200; wanted 200, 503');
    expect(() => assertSame([], ['a'], 'who answered')).to.throw('who answered: none; wanted a');
  });
});
