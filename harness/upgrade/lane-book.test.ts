import { expect } from 'chai';
import fc from 'fast-check';
import { type Attempts, type Excuses, LaneBook } from './lane-book.ts';

const everyMs = 100;
const none: Excuses = { stalls: [], absences: [], timeoutMs: 1_000 };
const states = { '.': 'well', x: 'ill', '?': 'unknown' } as const;

/** Attempts as a line of letters, runs of one letter as one. */
function runs(line: string, fromMs = 0): Attempts[] {
  return [...line.matchAll(/(.)\1*/gv)].map(({ 0: run, index }) => {
    const state = states[run[0] as keyof typeof states];
    const shared = { fromMs: fromMs + index * everyMs, everyMs, count: run.length, state, sumUs: 0, maxUs: 0 };
    return state === 'ill' ? { ...shared, class: 'dropped: timeout' } : shared;
  });
}

function bookOf(line: string): LaneBook {
  const book = new LaneBook();
  for (const one of runs(line)) book.add(one);
  return book;
}

const spans = (line: string, excuses = none) =>
  bookOf(line)
    .take(Infinity, excuses, false, true)
    .map(({ kind, fromMs, toMs, attempts, recovered }) => ({ kind, fromMs, toMs, attempts, recovered }));

describe('what is seen on one lane', () => {
  it('is a window from the due time of the first failure to that of the next success', () => {
    expect(spans('..xx..x.')).to.deep.equal([
      { kind: 'down', fromMs: 200, toMs: 400, attempts: 2, recovered: true },
      { kind: 'down', fromMs: 600, toMs: 700, attempts: 1, recovered: true },
    ]);
    expect(spans('....')).to.deep.equal([]);
  });

  it('is no recovery where the samples end, and none where the tool broke', () => {
    expect(spans('.xx')).to.deep.include.members([
      { kind: 'down', fromMs: 100, toMs: 300, attempts: 2, recovered: false },
    ]);
    expect(spans('.x?x.')).to.deep.equal([{ kind: 'down', fromMs: 100, toMs: 400, attempts: 2, recovered: true }]);
  });

  it('is starved where a process that asked or was asked did not run, for every failed attempt', () => {
    const stalled = (fromMs: number, toMs: number) => ({ ...none, stalls: [{ fromMs, toMs }] });
    expect(spans('.xx.', stalled(250, 900)).map(({ kind }) => kind)).to.deep.equal(['starved']);
    expect(spans('.xx.', stalled(2_000, 2_500)).map(({ kind }) => kind)).to.deep.equal(['down']);
    // The first failed before the stall, and long enough before it.
    const early = { ...stalled(250, 300), timeoutMs: 100 };
    expect(spans('.xx.', early).map(({ kind }) => kind)).to.deep.equal(['down']);
  });

  it('is lost, neither up nor down, where nobody was there to answer', () => {
    const away = { ...none, absences: [{ fromMs: 150, toMs: 180 }] };
    expect(spans('.xx.', away).map(({ kind }) => kind)).to.deep.equal(['lost']);
  });

  it('never excuses a leak', () => {
    const stalled = { ...none, stalls: [{ fromMs: 0, toMs: 5_000 }], absences: [{ fromMs: 0, toMs: 5_000 }] };
    expect(bookOf('.xx.').take(Infinity, stalled, true, true))
      .to.have.length(1)
      .and.have.nested.property('[0].kind', 'leak');
  });

  it('counts what was due before the mark apart from what was due after', () => {
    const book = new LaneBook();
    book.mark(250);
    for (const one of runs('....xx')) book.add(one);
    expect(book.totals.before).to.include({ attempts: 3, failed: 0 });
    expect(book.totals.during).to.include({ attempts: 3, failed: 2 });
  });

  it('counts a kept connection that was lost between two attempts that both succeeded', () => {
    const book = new LaneBook();
    for (const [index, connection] of [0, 0, 1, 2].entries())
      book.add({ fromMs: index * everyMs, everyMs, count: 1, state: 'well', connection, sumUs: 0, maxUs: 0 });
    expect(book.totals.before.cuts).to.equal(2);
  });

  it('ends a window with what was seen when the agent was lost, and tells the gap', () => {
    const book = bookOf('.xx');
    const gap = book.lose({ fromMs: 300, toMs: 1_300 }, everyMs);
    expect(gap).to.deep.include({ kind: 'lost', attempts: 10 });
    expect(book.take(Infinity, none, false)).to.have.nested.property('[0].recovered', false);
    expect(book.totals.before.lost).to.equal(10);
  });

  it('holds every failed attempt in exactly one window, however the attempts are cut into readings', () => {
    const line = fc.string({ unit: fc.constantFrom('.', 'x', '?'), maxLength: 60 });
    fc.assert(
      fc.property(line, fc.nat(59), (text, cut) => {
        const cutBook = new LaneBook();
        for (const part of [text.slice(0, cut), text.slice(cut)].entries())
          for (const one of runs(part[1], part[0] === 0 ? 0 : Math.min(cut, text.length) * everyMs)) cutBook.add(one);
        const cutWindows = cutBook.take(Infinity, none, false, true);
        expect(cutWindows).to.deep.equal(bookOf(text).take(Infinity, none, false, true));
        const failed = text.split('x').length - 1;
        expect(cutWindows.reduce((sum, { attempts }) => sum + attempts, 0)).to.equal(failed);
      }),
    );
  });
});
