import type { Route } from './types.ts';
import { expect } from 'chai';
import { newHistory } from './grid-types.ts';
import type { MeasuredCell, PolicyTable } from './table.ts';
import { isObservable, TableWatch } from './watch.ts';

const timeoutMs = 1;
const pairs = ['x/a y/b', 'y/b x/a'];

type Answer = (which: ReadonlySet<string> | Route, key: string) => string;

/** A table of two cells that should be dropped; `answer` says what a look at a cell shows. */
function fakeTable(answer: Answer, grid = { history: newHistory() }, confirmed = false) {
  const asked: string[] = [];
  const cell = (key: string, verdict: string): MeasuredCell =>
    ({
      key,
      from: key,
      to: key,
      port: 80,
      protocol: 'TCP',
      expected: { verdict: 'dropped', reason: { text: 'dropped: denied' } },
      measured: { verdict, elapsedUs: 1 },
    }) as MeasuredCell;
  const table: Pick<PolicyTable, 'measure' | 'verdicts' | 'keys'> = {
    keys: () => pairs,
    verdicts: () => new Map(pairs.map((key) => [key, 'dropped'])),
    measure: (_ms, which) => {
      asked.push(typeof which === 'string' ? which : 'sentinels');
      const keys = typeof which === 'string' ? pairs : [...which];
      return Promise.resolve(keys.map((key) => cell(key, answer(which, key))));
    },
  };
  return { asked, watch: new TableWatch(grid, table, { timeoutMs, confirmed }), verdicts: table.verdicts() };
}

describe('TableWatch', () => {
  it('asks only cells that must change until they do, then the whole table in both routes', async () => {
    let enforced = false;
    const { asked, watch } = fakeTable(() => (enforced ? 'dropped' : 'open'));
    expect(await watch.sample()).to.match(/of 2 cells asked .*measured open/);
    enforced = true;
    expect(await watch.sample()).to.equal(undefined);
    expect(await watch.sample()).to.equal(undefined);
    expect(asked).to.deep.equal(['sentinels', 'sentinels', 'pod', 'service']);
    expect(watch.settled().cells.map((one) => one.measured.verdict)).to.deep.equal(['dropped', 'dropped']);
  });

  it('remembers what a grid does: the same again is no news, and may be what is left of a case before', async () => {
    const grid = { history: newHistory() };
    const { watch, verdicts } = fakeTable(() => 'dropped', grid);
    expect(isObservable(grid, verdicts)).to.equal(true);
    await watch.sample();
    await watch.sample();
    watch.settled();
    expect(isObservable(grid, verdicts)).to.equal(false);
  });

  it('takes nothing for news on a grid that never settled: it may do already what the next case wants', async () => {
    const grid = { history: newHistory() };
    const { watch, verdicts } = fakeTable(() => 'open', grid);
    await watch.sample();
    await watch.unsettled({ anew: true });
    expect(isObservable(grid, verdicts)).to.equal(false);
  });

  it('does not agree while one way lets through what the other drops', async () => {
    const { watch } = fakeTable((which) => (which === 'service' ? 'open' : 'dropped'));
    expect(await watch.sample()).to.equal(undefined);
    expect(await watch.sample()).to.match(/measured open/);
  });

  it('asks nothing again for the report of a failure where nothing was to change any more', async () => {
    const { asked, watch } = fakeTable(() => 'open', undefined, true);
    expect(await watch.sample()).to.match(/measured open/);
    expect((await watch.unsettled({ anew: false })).map(({ key }) => key)).to.deep.equal(pairs);
    expect(asked).to.deep.equal(['pod', 'service']);
  });

  it('takes both looks anew after a disagreement, and forgets the one begun in vain', async () => {
    let looks = 0;
    const { asked, watch } = fakeTable((which) => (which === 'pod' && looks++ < pairs.length ? 'open' : 'dropped'));
    expect(await watch.sample()).to.match(/measured open/);
    expect(await watch.sample()).to.equal(undefined);
    expect(await watch.sample()).to.equal(undefined);
    expect(asked.filter((what) => what === 'pod')).to.have.length(2);
    expect(watch.settled().cells.every((one) => one.measured.verdict === 'dropped')).to.equal(true);
  });
});
