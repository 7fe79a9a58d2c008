import type { Feature } from '../../clusters/names.ts';
import { AssertionError, expect } from 'chai';
import type { FeatureState } from '../cluster/types.ts';
import { InconclusiveError, OrdealError, SkipError } from '../base/errors.ts';
import { feature } from './define-case.ts';
import type { CaseContext } from './types.ts';
import { startCases } from './engine.ts';
import { atOnce, engineOf, fakeCase } from './fake-engine.test-support.ts';

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
    const { options, events } = engineOf(cases);
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
      const { options } = engineOf([fakeCase('dns-doubted', run)]);
      const [result] = await startCases(options).done;
      expect(result?.outcome).to.equal('inconclusive');
      expect(result?.reason).to.match(words);
    }
  });

  it('calls a case that never ends inconclusive and still cleans up', async () => {
    const { options, closed } = engineOf([fakeCase('dns-hang', () => new Promise<void>(() => undefined))], {
      caseMs: 5,
    });
    const [result] = await startCases(options).done;
    expect(result?.outcome).to.equal('inconclusive');
    expect(closed).to.deep.equal(['dns-hang']);
  });

  it('undoes what a case made only once its body has ended, where that ends in time', async () => {
    const order: string[] = [];
    const ended = Promise.withResolvers<undefined>();
    const body = () => ended.promise.then(() => void order.push('ended'));
    const { options } = engineOf([fakeCase('dns-late', body)], {
      caseMs: 5,
      unwindMs: 5_000,
      openContext: (one, signal) => {
        signal.addEventListener('abort', () => ended.resolve(undefined));
        const close = () => Promise.resolve(void order.push('undone'));
        return Promise.resolve({ ctx: { caseId: one.id } as unknown as CaseContext, close, doubts: () => [] });
      },
    });
    const [result] = await startCases(options).done;
    expect(result?.outcome).to.equal('inconclusive');
    expect(order).to.deep.equal(['ended', 'undone']);
  });

  it('skips with found and needed where an undeclared feature is missing, and runs where it is declared', async () => {
    let ran = 0;
    const run = () => Promise.resolve(void (ran += 1));
    const needing = fakeCase('dns-policy', run, { needs: [feature('NetworkPolicy')] });
    const undeclared = engineOf([needing], { features: new Map([state('NetworkPolicy', false, false)]) });
    const [skipped] = await startCases(undeclared.options).done;
    expect(skipped?.outcome).to.equal('unsupported');
    expect(skipped?.reason).to.match(/needs NetworkPolicy.*seen by the test/);
    expect(ran).to.equal(0);
    const declared = engineOf([needing], { features: new Map([state('NetworkPolicy', false, true)]) });
    await startCases(declared.options).done;
    expect(ran).to.equal(1);
  });

  it('fail-fast stops what has not begun', async () => {
    const cases = [fakeCase('dns-a', fails), fakeCase('dns-b', passes)];
    const { options } = engineOf(cases, { failFast: true, concurrency: atOnce(1) });
    const results = await startCases(options).done;
    expect(results.map((one) => one.outcome)).to.deep.equal(['failed', 'skipped']);
    expect(results[1]?.reason).to.contain('dns-a');
  });

  it('an abort ends the running case and skips the others', async () => {
    const abort = new AbortController();
    const cases = [
      fakeCase('dns-running', () => new Promise<void>(() => setImmediate(() => abort.abort()))),
      fakeCase('dns-waiting', passes),
    ];
    const { options, closed } = engineOf(cases, { signal: abort.signal, concurrency: atOnce(1) });
    const results = await startCases(options).done;
    expect(results.map((one) => one.outcome)).to.deep.equal(['skipped', 'skipped']);
    expect(closed).to.deep.equal(['dns-running']);
  });
});
