import type { CaseContext, CaseDefinition } from './types.ts';
import type { Concurrency } from './concurrency.ts';
import { defineCase } from './define-case.ts';
import type { EngineOptions } from './engine.ts';
import type { LeasedFixture } from './fixture.ts';
import { anyDisruption } from './touches.ts';

type Event = Parameters<EngineOptions['emit']>[0];

/** Returns a case of the DNS area that runs this. */
export function fakeCase(id: string, run: CaseDefinition['run'], more: Partial<CaseDefinition> = {}): CaseDefinition {
  return defineCase({ id, title: id, area: 'dns', touches: 'own', rights: [], run, ...more });
}

export const bench: LeasedFixture<string> = {
  name: 'bench',
  scope: 'lease',
  touches: 'own',
  rights: [],
  pods: () => 1,
  capacity: () => 2,
  casesWorthOne: 1,
  open: () => Promise.resolve({ value: 'bench' }),
};
export const atOnce = (free: number): Concurrency => ({
  free,
  leased: new Map([[bench, { busy: 2, idle: 0 }]]),
  idleBeside: false,
});

/** Returns options of an engine without a cluster, and what it tells and closes. */
export function engineOf(cases: CaseDefinition[], more: Partial<EngineOptions> = {}) {
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
    unwindMs: 5,
    concurrency: atOnce(4),
    failFast: false,
    consent: anyDisruption,
    signal: new AbortController().signal,
    ...more,
  };
  return { options, events, closed };
}
