import { expect } from 'chai';
import { defineCase } from './define-case.ts';
import { anyDisruption } from './touches.ts';
import { startCases } from './engine.ts';
import type { CaseFixture, LeasedFixture } from './fixture.ts';
import { openedRun } from './opened-run.test-support.ts';
import { planConcurrency } from './concurrency.ts';

/** A fixture and the case that uses it, in one place: nothing else need know of either. */
const printer: LeasedFixture<{ readonly print: (page: string) => void; readonly pages: readonly string[] }> = {
  name: 'printer',
  scope: 'lease',
  touches: 'own',
  rights: [],
  pods: () => 1,
  capacity: () => 1,
  casesWorthOne: 1,
  open: async (run) => {
    const pages: string[] = [];
    await run.namespace('printer');
    return { value: { pages, print: (page) => void pages.push(page) }, accept: () => Promise.resolve() };
  },
};
const paper: CaseFixture<string[]> = {
  name: 'paper',
  scope: 'case',
  touches: 'own',
  rights: [],
  pods: () => 1,
  open: (run) => {
    const sheets = ['blank'];
    run.defer('paper', () => Promise.resolve(void sheets.splice(0)));
    return Promise.resolve({ value: sheets });
  },
};

/** Runs such cases as a run does. */
async function ran(seen: (readonly string[])[], ids: readonly string[]) {
  const cases = ids.map((id) =>
    defineCase({
      id,
      title: 'prints',
      area: 'dns',
      touches: 'own',
      rights: [],
      uses: [printer, paper],
      run: async (ctx) => {
        const { pages, print } = await ctx.use(printer);
        const sheets = await ctx.use(paper);
        print(`${id} on ${sheets.join()}`);
        seen.push(pages, sheets);
      },
    }),
  );
  const concurrency = planConcurrency(undefined, { cni: 'calico', cpus: 2 }, cases);
  const { there, resources } = await openedRun({ cases, concurrency });
  const results = await startCases({
    cases,
    features: new Map(),
    openContext: resources.openContext,
    emit: () => undefined,
    classify: () => ({ note: 'as-expected' }),
    caseMs: 1_000,
    unwindMs: 5,
    concurrency,
    failFast: false,
    consent: anyDisruption,
    signal: new AbortController().signal,
  }).done;
  await resources.close();
  return { outcomes: results.map(({ outcome }) => outcome), left: there.size };
}

describe('a fixture of one file', () => {
  it('is opened for the cases that name it, lent to one after another, and closed', async () => {
    const seen: (readonly string[])[] = [];
    expect(await ran(seen, ['dns-one', 'dns-two'])).to.deep.equal({ outcomes: ['passed', 'passed'], left: 0 });
    const [pages, sheets] = seen;
    expect(pages).to.deep.equal(['dns-one on blank', 'dns-two on blank']);
    expect(sheets, 'the paper of a case is gone after it').to.deep.equal([]);
  });
});
