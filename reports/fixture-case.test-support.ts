import type { Emit, Outcome } from '../harness/events/types.ts';
import { inventedTable } from './fixture-table.test-support.ts';

type Event = Parameters<Emit>[0];

/** What befalls the cases of an invented run. */
export interface CaseOptions {
  /** Overrides the outcome of cases by id. */
  readonly outcomes?: Readonly<Record<string, Outcome>>;
  /** Stops the log as a SIGKILL would: this case starts and nothing follows. */
  readonly killedIn?: string;
}

/** Yields the events of one invented case. */
export function* caseEvents(id: string, options: CaseOptions): Generator<Event> {
  const outcome = options.outcomes?.[id] ?? defaultOutcome(id);
  const ran = outcome !== 'skipped' && outcome !== 'unsupported';
  const ms = ran ? invented(id) : 0;
  if (ran) {
    yield { type: 'case.started', id };
    if (id === options.killedIn) return;
    yield* details(id, ms, outcome);
  }
  const baseline =
    id === 'services-case-05' ? 'known-failure' : id === 'dns-case-02' ? 'unexpected-pass' : 'as-expected';
  const trace = outcome === 'failed' ? 'AssertionError: table differs\n    at run (suites/x.ts:1:1)' : undefined;
  yield { type: 'case.finished', id, outcome, baseline, reason: reasons[outcome], trace, ms };
}

/** Any spread-out milliseconds that stay the same from run to run. */
function invented(id: string): number {
  return 180 + Buffer.from(id).reduce((sum, byte) => (sum * 131 + byte * 977) % 9_001, 7);
}

function defaultOutcome(id: string): Outcome {
  if (id.startsWith('mesh-')) return 'unsupported';
  if (id === 'connectivity-case-04') return 'skipped';
  if (id === 'faults-case-06') return 'inconclusive';
  return ['networkpolicy-case-07', 'networkpolicy-case-19', 'services-case-05'].includes(id) ? 'failed' : 'passed';
}

const reasons: Readonly<Record<Outcome, string | undefined>> = {
  passed: undefined,
  failed: '2 of 9 cells differ: y/a -> x/b:80/TCP is open, expected dropped (ingress isolated by `deny-all`)',
  inconclusive: 'agent ordeal-fleet-2 died: OOMKilled\u0000\u001b[31m (exit 137)',
  unsupported: 'needs Mesh; found: no mesh was installed (--mesh none)',
  skipped: 'needs SCTP; found: kernel has no sctp: socket() says EPROTONOSUPPORT',
};

function* details(id: string, ms: number, outcome: Outcome): Generator<Event> {
  yield { type: 'case.step', id, title: 'apply objects', startMs: 2, ms: 61 };
  yield {
    type: 'case.step',
    id,
    title: 'settle: policy takes effect',
    startMs: 64,
    ms: ms * 0.4,
    ...(outcome === 'failed' ? { error: 'never agreed' } : {}),
  };
  yield { type: 'case.parameter', id, name: 'client', value: 'ordeal-fleet-1 10.244.1.7' };
  yield* measured(id, ms);
  yield { type: 'case.attachment', id, name: 'expected', mime: 'text/plain', content: 'x/a . X\nx/b . .\n' };
  yield { type: 'case.table', id, title: 'after "applied"', ...inventedTable(false) };
  if (outcome === 'failed') yield { type: 'case.table', id, title: 'after "deny"', ...inventedTable(true) };
}

function* measured(id: string, ms: number): Generator<Event> {
  const measure = { type: 'case.measure', id, unit: 'ms' } as const;
  if (id.startsWith('networkpolicy')) {
    const labels = { what: `table after "step ${id.slice(-2)}"`, kind: 'table after a step' };
    yield { ...measure, metric: 'settle_time', value: ms * 0.4, labels };
  }
  if (id.startsWith('services')) {
    yield { ...measure, metric: 'settle_time', value: ms * 0.05, labels: { what: 'endpoint added' } };
  }
  if (id.startsWith('rollout')) {
    yield { ...measure, metric: 'downtime.sum', value: ms / 70, labels: { connections: 'new' } };
  }
  if (id.startsWith('faults')) {
    const fault = { faultId: `r-${id}`, driver: 'partition', caseId: id } as const;
    yield { type: 'fault', ...fault, phase: 'reverted', detail: 'nft table removed' };
  }
}
