import { inventedCluster } from './fixture-cluster.test-support.ts';
import { inventedTable } from './fixture-table.test-support.ts';
import { openLog } from '../harness/events/writer.ts';
import { loadRun } from '../harness/events/reader.ts';
import type { RunRecord } from '../harness/events/record.ts';
import { logVersion } from '../harness/events/types.ts';
import type { Emit, Outcome } from '../harness/events/types.ts';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Event = Parameters<Emit>[0];

export interface FixtureOptions {
  readonly runId?: string;
  readonly cni?: string;
  readonly cniVersion?: string;
  /** Overrides the outcome of cases by id. */
  readonly outcomes?: Readonly<Record<string, Outcome>>;
  /** Leaves these cases out of the plan. */
  readonly without?: readonly string[];
  /** Stops the log as a SIGKILL would: this case starts and nothing follows. */
  readonly killedIn?: string;
  /** Bring-up dies in this step; no case is planned. */
  readonly failedStep?: string;
}

const areas: Readonly<Record<string, number>> = {
  dns: 10,
  services: 12,
  connectivity: 9,
  networkpolicy: 26,
  rollout: 4,
  mesh: 8,
  faults: 6,
};
const steps: Readonly<Record<string, number>> = {
  'check the machine': 420,
  'build images': 74_300,
  'create nodes': 24_800,
  'load images': 31_700,
  'install the CNI': 18_400,
  'await nodes': 22_900,
  'detect features': 3_100,
  'start the probe fleet': 9_600,
};

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Writes the log of an invented run into a new folder under the system's temporary one; returns the folder. */
export async function fixtureFolder(options: FixtureOptions = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ordeal-report-'));
  folders.push(folder);
  let time = Date.parse('2026-11-21T12:00:00.000Z');
  const log = openLog(join(folder, 'run.ndjson'), () => new Date(time));
  for (const event of fixtureEvents(options)) {
    time += tookOf(event);
    log.emit(event);
  }
  log.close();
  return folder;
}

/** Returns the folded record of an invented run. */
export async function fixtureRun(options: FixtureOptions = {}): Promise<RunRecord> {
  return loadRun(await fixtureFolder(options));
}

/** Milliseconds an event took: the log stamps what ends, so the clock has moved by then. */
function tookOf(event: Event): number {
  if (event.type === 'case.finished') return event.ms;
  return event.type === 'step' && event.title !== 'run cases' ? event.ms : 1;
}

function* fixtureEvents(options: FixtureOptions): Generator<Event> {
  const argv = ['run', '--cni', options.cni ?? 'calico', '--workers', '2'];
  const runId = options.runId ?? 'r20261121-1200';
  yield { type: 'run.started', command: 'run', logVersion, runId, ordeal: '0.1.0', argv, imageSource: 'source' };
  yield { type: 'note', level: 'info', message: 'images: source, because no registry answered within 3 s' };
  for (const [title, ms] of Object.entries(steps)) {
    const failed = title === options.failedStep;
    yield { type: 'step', title, ms, outcome: failed ? 'failed' : 'ok', ...(failed ? { error: 'kind said no' } : {}) };
    if (!failed) continue;
    yield { type: 'run.finished', exitCode: 3, ms, error: `${title}: kind said no` };
    return;
  }
  yield inventedCluster(options);
  const ids = caseIds().filter((id) => options.without?.includes(id) !== true);
  yield* ids.map(planned);
  for (const id of ids) {
    yield* caseEvents(id, options);
    if (id === options.killedIn) return;
  }
  yield { type: 'step', title: 'run cases', ms: 327_000, outcome: 'ok' };
  yield { type: 'step', title: 'destroy cluster', ms: 1_200, outcome: 'ok' };
  yield { type: 'run.finished', exitCode: 1, ms: 241_300 };
}

function caseIds(): string[] {
  return Object.entries(areas).flatMap(([area, count]) =>
    Array.from({ length: count }, (_, index) => `${area}-case-${String(index + 1).padStart(2, '0')}`),
  );
}

function planned(id: string): Event {
  const area = id.split('-', 1).join();
  const tier = id.endsWith('3') ? 'extended' : 'core';
  const needs = area === 'networkpolicy' ? ['NetworkPolicy'] : [];
  const tags = area === 'networkpolicy' ? ['peers'] : [];
  const title = `${area} behaves as the rules say, variant ${id.slice(-2)} <with "odd" & é characters>`;
  return { type: 'case.planned', id, title, area, tier, tags, needs, source: 'https://kubernetes.io/docs/' };
}

function* caseEvents(id: string, options: FixtureOptions): Generator<Event> {
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
  if (id.startsWith('networkpolicy'))
    yield {
      type: 'case.measure',
      id,
      metric: 'settle_time',
      value: ms * 0.4,
      unit: 'ms',
      labels: { what: `table after "step ${id.slice(-2)}"`, kind: 'table after a step' },
    };
  if (id.startsWith('services'))
    yield {
      type: 'case.measure',
      id,
      metric: 'settle_time',
      value: ms * 0.05,
      unit: 'ms',
      labels: { what: 'endpoint added' },
    };
  if (id.startsWith('rollout'))
    yield {
      type: 'case.measure',
      id,
      metric: 'downtime.sum',
      value: ms / 70,
      unit: 'ms',
      labels: { connections: 'new' },
    };
  if (id.startsWith('faults'))
    yield {
      type: 'fault',
      faultId: `r-${id}`,
      driver: 'partition',
      caseId: id,
      phase: 'reverted',
      detail: 'nft table removed',
    };
  yield { type: 'case.attachment', id, name: 'expected', mime: 'text/plain', content: 'x/a . X\nx/b . .\n' };
  yield { type: 'case.table', id, title: 'after "applied"', ...inventedTable(false) };
  if (outcome === 'failed') yield { type: 'case.table', id, title: 'after "deny"', ...inventedTable(true) };
}
