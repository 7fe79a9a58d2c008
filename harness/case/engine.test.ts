import type { Feature } from '../../clusters/names.ts';
import { AssertionError, expect } from 'chai';
import type { FeatureState } from '../cluster/types.ts';
import { InconclusiveError, OrdealError, SkipError } from '../base/errors.ts';
import type { Concurrency } from './concurrency.ts';
import { defineCase, feature } from './define-case.ts';
import { startCases, type EngineOptions } from './engine.ts';
import type { LeasedFixture } from './fixture.ts';
import type { CaseContext, CaseDefinition } from './types.ts';

type Event = Parameters<EngineOptions['emit']>[0];

function fakeCase(id: string, run: CaseDefinition['run'], more: Partial<CaseDefinition> = {}): CaseDefinition {
  return defineCase({ id, title: id, area: 'dns', run, ...more });
}

const bench: LeasedFixture<string> = {
  name: 'bench',
  scope: 'lease',
  capacity: () => 2,
  casesWorthOne: 1,
  open: () => Promise.resolve({ value: 'bench' }),
};
const atOnce = (free: number): Concurrency => ({
  free,
  leased: new Map([[bench, { busy: 2, idle: 0 }]]),
  idleBeside: false,
});

function harness(cases: CaseDefinition[], more: Partial<EngineOptions> = {}) {
  const events: Event[] = [];
  const closed: string[] = [];
  const options: EngineOptions = {
    cases,
    features: new Map(),
    openContext: (one) =>
      Promise.resolve({
        ctx: { caseId: one.id } as unknown as CaseContext,
        close: () => Promise.resolve(void closed.push(one.id)),
        doubts: () => (one.id === 'dns-doubted' ? ['its fault ended early'] : []),
      }),
    emit: (event) => events.push(event),
    classify: () => ({ note: 'as-expected' }),
    caseMs: 1_000,
    concurrency: atOnce(4),
    failFast: false,
    signal: new AbortController().signal,
    ...more,
  };
  return { options, events, closed };
}

const state = (name: Feature, observed: boolean, declared: FeatureState['declared']): [Feature, FeatureState] => [
  name,
  { feature: name, observed, declared, evidence: 'seen by the test' },
];

const fails = () => Promise.reject(new OrdealError('NOT_SETTLED', 'still dropped'));
const passes = () => Promise.resolve();

describe('startCases', () => {
  it('gives every case exactly one outcome, by what was thrown', async () => {
    const cases = [
      fakeCase('dns-pass', passes),
      fakeCase('dns-assert', () => Promise.resolve(void expect(1).to.equal(2))),
      fakeCase('dns-unsettled', fails),
      fakeCase('dns-tool', () => Promise.reject(new InconclusiveError('agent gone'))),
      fakeCase('dns-bug', () => Promise.reject(new TypeError('x is undefined'))),
      fakeCase('dns-skip', () => Promise.reject(new SkipError('no second node'))),
    ];
    const { options, events } = harness(cases);
    const results = await startCases(options).done;
    expect(results.map((one) => one.outcome)).to.deep.equal([
      'passed',
      'failed',
      'failed',
      'inconclusive',
      'inconclusive',
      'skipped',
    ]);
    expect(events.filter((event) => event.type === 'case.finished')).to.have.length(cases.length);
  });

  it('neither passes nor fails a case whose fault did not last', async () => {
    for (const [run, words] of [
      [() => Promise.resolve(), /^its fault ended early; otherwise it had passed$/],
      [() => Promise.reject(new AssertionError('off')), /^its fault ended early; otherwise it had failed: off$/],
    ] as const) {
      const { options } = harness([fakeCase('dns-doubted', run)]);
      const [result] = await startCases(options).done;
      expect(result?.outcome).to.equal('inconclusive');
      expect(result?.reason).to.match(words);
    }
  });

  it('calls a case that never ends inconclusive and still cleans up', async () => {
    const { options, closed } = harness([fakeCase('dns-hang', () => new Promise<void>(() => undefined))], {
      caseMs: 5,
    });
    const [result] = await startCases(options).done;
    expect(result?.outcome).to.equal('inconclusive');
    expect(closed).to.deep.equal(['dns-hang']);
  });

  it('skips with found and needed where an undeclared feature is missing, and runs where it is declared', async () => {
    let ran = 0;
    const run = () => Promise.resolve(void (ran += 1));
    const needing = fakeCase('dns-policy', run, { needs: [feature('NetworkPolicy')] });
    const undeclared = harness([needing], { features: new Map([state('NetworkPolicy', false, false)]) });
    const [skipped] = await startCases(undeclared.options).done;
    expect(skipped?.outcome).to.equal('unsupported');
    expect(skipped?.reason).to.match(/needs NetworkPolicy.*seen by the test/);
    expect(ran).to.equal(0);
    const declared = harness([needing], { features: new Map([state('NetworkPolicy', false, true)]) });
    await startCases(declared.options).done;
    expect(ran).to.equal(1);
  });

  it('fail-fast stops what has not begun', async () => {
    const cases = [fakeCase('dns-a', fails), fakeCase('dns-b', passes)];
    const { options } = harness(cases, { failFast: true, concurrency: atOnce(1) });
    const results = await startCases(options).done;
    expect(results.map((one) => one.outcome)).to.deep.equal(['failed', 'skipped']);
    expect(results[1]?.reason).to.contain('dns-a');
  });

  /** Notes which cases end, and how many run then. */
  function tracker() {
    let running = 0;
    const seen: string[] = [];
    const track = (id: string) => async () => {
      running += 1;
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`${id}:${running}`);
      running -= 1;
    };
    return { seen, track };
  }

  it('runs exclusive cases alone, after the rest', async () => {
    const { seen, track } = tracker();
    const cases = [
      fakeCase('dns-alone', track('alone'), { exclusive: true }),
      fakeCase('dns-a', track('a')),
      fakeCase('dns-b', track('b'), { uses: [bench] }),
    ];
    await startCases(harness(cases).options).done;
    expect(seen.at(-1)).to.equal('alone:1');
  });

  it('does not leave those for the end that wait long on this CNI', async () => {
    for (const [idleBeside, ended] of [
      [false, 'slow:1'],
      [true, 'slow:2'],
    ] as const) {
      const { seen, track } = tracker();
      const cases = [
        fakeCase('dns-alone', track('alone'), { exclusive: true }),
        fakeCase('dns-slow', track('slow'), { exclusive: true, mostlyIdle: true }),
        fakeCase('dns-a', track('a')),
      ];
      await startCases(harness(cases, { concurrency: { ...atOnce(2), idleBeside } }).options).done;
      expect(seen).to.include(ended);
    }
  });

  it('has mostly idle cases overlap the rest, where nobody said how many run at once', async () => {
    const begun = async (idleCores?: Concurrency['idleCores']) => {
      const ids: string[] = [];
      const gate = Promise.withResolvers<undefined>();
      const idler = (id: string) =>
        fakeCase(id, () => (ids.push(id), gate.promise), { idleLoad: { seconds: 30, cores: 0.2 } });
      const worker = (id: string) => fakeCase(id, () => (ids.push(id), Promise.resolve()));
      const cases = [worker('dns-a'), idler('dns-idle-1'), idler('dns-idle-2'), worker('dns-b')];
      const concurrency = { ...atOnce(1), ...(idleCores === undefined ? {} : { idleCores }) };
      const { done } = startCases(harness(cases, { concurrency }).options);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const early = [...ids];
      gate.resolve(undefined);
      await done;
      expect(ids).to.have.members(cases.map(({ id }) => id));
      return early;
    };
    expect(await begun()).to.deep.equal(['dns-idle-1']);
    expect(await begun({ beside: 0.2, after: 0.2 })).to.have.members(['dns-idle-1', 'dns-a', 'dns-b']);
    expect(await begun({ beside: 0.2, after: 0.4 })).to.have.members(['dns-idle-1', 'dns-a', 'dns-b', 'dns-idle-2']);
  });

  it('an abort ends the running case and skips the others', async () => {
    const abort = new AbortController();
    const cases = [
      fakeCase('dns-running', () => new Promise<void>(() => setImmediate(() => abort.abort()))),
      fakeCase('dns-waiting', passes),
    ];
    const { options, closed } = harness(cases, { signal: abort.signal, concurrency: atOnce(1) });
    const results = await startCases(options).done;
    expect(results.map((one) => one.outcome)).to.deep.equal(['skipped', 'skipped']);
    expect(closed).to.deep.equal(['dns-running']);
  });
});
