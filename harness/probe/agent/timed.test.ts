import { expect } from 'chai';
import { AdaptiveTimeout, tableFactor } from './adaptive-timeout.ts';
import { type Done, timed } from './timed.ts';
import { outcomeOf, plainAddress } from './verdict.ts';

const coded = (code: string) => Object.assign(new Error('x'), { code });
const idle = () => () => undefined;

describe('a timed attempt', () => {
  it('takes the first outcome, releases once and ignores the rest', async () => {
    let released = 0;
    let report: Done | undefined;
    const result = await timed(5_000, (done) => {
      report = done;
      setImmediate(() => done({ verdict: 'open' }));
      return () => released++;
    });
    report?.({ verdict: 'refused' });
    expect(result.verdict).to.equal('open');
    expect(released).to.equal(1);
  });

  it('releases what an attempt opened even when it was decided while opening', async () => {
    let released = 0;
    await timed(5_000, (done) => {
      done({ verdict: 'refused' });
      return () => released++;
    });
    expect(released).to.equal(1);
  });

  it('is dropped after silence, saying how far it came', async () => {
    expect(await timed(20, idle)).to.include({ verdict: 'dropped', error: 'timeout' });
    expect(await timed(20, idle, { progress: () => 'half way' })).to.include({ verdict: 'dropped', error: 'half way' });
  });

  it('is inconclusive when it cannot even start', async () => {
    const begin = () => {
      throw new Error('bad option');
    };
    expect(await timed(5_000, begin)).to.include({ verdict: 'inconclusive', error: 'bad option' });
  });

  it('waits longer than its timeout where the row shows a slow machine', async () => {
    const late = (done: Done) => {
      const timer = setTimeout(() => done({ verdict: 'open' }), 700);
      return () => clearTimeout(timer);
    };
    const adaptive = new AdaptiveTimeout();
    expect((await timed(30, late, { adaptive })).verdict).to.equal('dropped');
    adaptive.note(200);
    expect((await timed(30, late, { adaptive })).verdict).to.equal('open');
  });
});

describe('an adaptive timeout', () => {
  it('is the timeout itself until something came late, and has an end', () => {
    const adaptive = new AdaptiveTimeout();
    expect(adaptive.waitMs(300, false)).to.equal(300);
    adaptive.note(60);
    expect(adaptive.waitMs(300, false)).to.equal(300);
    adaptive.note(200);
    expect(adaptive.waitMs(300, false)).to.equal(800);
    adaptive.note(100);
    expect(adaptive.waitMs(300, false)).to.equal(800);
    expect(adaptive.waitMs(300, false, tableFactor)).to.equal(400);
    adaptive.note(60_000);
    expect(adaptive.waitMs(300, false)).to.equal(2_300);
    expect(new AdaptiveTimeout().waitMs(300, true)).to.equal(2_300);
  });
});

describe('the verdict of an error', () => {
  it('separates the network from the tool', () => {
    const verdictsOf = (...codes: string[]) => codes.map((code) => outcomeOf(coded(code)).verdict);
    expect(verdictsOf('ECONNREFUSED', 'ECONNRESET', 'EPIPE')).to.deep.equal(Array(3).fill('refused'));
    expect(verdictsOf('EHOSTUNREACH', 'ENETUNREACH', 'EACCES', 'EPERM')).to.deep.equal(Array(4).fill('unreachable'));
    expect(verdictsOf('EMSGSIZE', 'EPROTO', 'HPE_INVALID_CONSTANT')).to.deep.equal([
      'unreachable',
      'malformed',
      'malformed',
    ]);
    expect(verdictsOf('ETIMEDOUT')).to.deep.equal(['dropped']);
    expect(verdictsOf('EMFILE', 'EADDRNOTAVAIL', 'EINVAL', 'ENOBUFS')).to.deep.equal(Array(4).fill('inconclusive'));
    expect(outcomeOf('text')).to.deep.equal({ verdict: 'inconclusive', error: 'text' });
  });

  it('shows mapped IPv4 addresses as IPv4 and leaves IPv6 alone', () => {
    expect(['::ffff:10.0.0.1', 'fd00::1', '::ffff:0:1'].map(plainAddress)).to.deep.equal([
      '10.0.0.1',
      'fd00::1',
      '::ffff:0:1',
    ]);
  });
});
