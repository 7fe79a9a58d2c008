import { inventedCluster } from './fixture-cluster.test-support.ts';
import { type CaseOptions, caseEvents } from './fixture-case.test-support.ts';
import { openLog } from '../harness/events/writer.ts';
import { loadRun } from '../harness/events/reader.ts';
import type { RunRecord } from '../harness/events/record.ts';
import { logVersion } from '../harness/events/types.ts';
import type { Emit } from '../harness/events/types.ts';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Event = Parameters<Emit>[0];

export interface FixtureOptions extends CaseOptions {
  readonly runId?: string;
  readonly cni?: string;
  readonly cniVersion?: string;
  /** Leaves these cases out of the plan. */
  readonly without?: readonly string[];
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
