import { expect } from 'chai';
import fc from 'fast-check';
import { CaseRecorder } from './case-recorder.ts';
import { exitCodeFor } from './exit-code.ts';
import { folderOf } from './fold.ts';
import { nameOf, type RunRecord } from './record.ts';
import { redactArgv } from './redact.ts';
import { logVersion } from './types.ts';
import type { Outcome, RunEvent } from './types.ts';

const at = '2026-11-21T12:00:00.000Z';
function fold(events: readonly RunEvent[]): RunRecord {
  const began = { type: 'run.started', at, logVersion, command: 'run', runId: 'r', ordeal: '0' } as const;
  const folder = folderOf({ ...began, argv: [], imageSource: 'source' });
  for (const event of events) folder.add(event);
  return folder.record();
}

/** What one variant of a case says of itself, from its start to its end. */
function story(id: string, variant: string | undefined, outcome: Outcome): RunEvent[] {
  const events: RunEvent[] = [];
  const key = variant === undefined ? { id } : { id, variant };
  events.push({ type: 'case.started', at, ...key });
  const recorder = new CaseRecorder(id, (event) => void events.push({ ...event, at }), variant);
  recorder.parameter('who', `${id} ${variant ?? ''}`);
  recorder.measure('downtime.longest', events.length, 'ms');
  recorder.table('after', [{ from: 'a', to: 'b', expected: 'open', measured: 'open', reason: 'r' }]);
  events.push({ type: 'case.finished', at, ...key, outcome, baseline: 'as-expected', ms: 1 });
  return events;
}

const planOf = (events: readonly RunEvent[]): RunEvent[] =>
  events.flatMap((event) => {
    if (event.type !== 'case.started') return [];
    const plan = { title: event.id, area: 'dns', tier: 'core', tags: [], needs: [] } as const;
    return [{ ...event, type: 'case.planned', ...plan, tags: [], needs: [] } as const];
  });

const outcome = fc.constantFrom<Outcome>('passed', 'failed', 'inconclusive');
const keys = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(undefined, 'under partition', 'after upgrade'));
const stories = fc.uniqueArray(fc.tuple(keys, outcome), { selector: ([key]) => key.join(), maxLength: 6 });

describe('cases and their variants', () => {
  it('fold to the same record however their events are interleaved', () => {
    fc.assert(
      fc.property(stories, fc.array(fc.nat(), { maxLength: 60 }), (told, choices) => {
        const queues = told.map(([[id, variant], result]) => story(id, variant, result));
        const plan = planOf(queues.flat());
        const inOrder = fold([...plan, ...queues.flat()]);
        expect(fold([...plan, ...interleaved(queues, choices)])).to.deep.equal(inOrder);
        expect(inOrder.cases).to.have.length(told.length);
        expect(new Set(inOrder.cases.map(nameOf)).size).to.equal(told.length);
      }),
    );
  });

  it('are judged each by itself: one that failed is not hidden by one that passed', () => {
    const end: RunEvent = { type: 'run.finished', at, exitCode: 0, ms: 1 };
    const both = [...story('a', undefined, 'passed'), ...story('a', 'under partition', 'failed'), end];
    expect(exitCodeFor(fold(both))).to.equal(1);
    expect(exitCodeFor(fold([...story('a', 'x', 'failed'), ...story('a', undefined, 'passed'), end]))).to.equal(1);
  });
});

function interleaved(queues: readonly RunEvent[][], choices: readonly number[]): RunEvent[] {
  const left = queues.map((queue) => [...queue]);
  const mixed: RunEvent[] = [];
  for (let turn = 0; left.some((queue) => queue.length > 0); turn++) {
    const full = left.filter((queue) => queue.length > 0);
    const next = full[(choices[turn] ?? turn) % full.length]?.shift();
    if (next !== undefined) mixed.push(next);
  }
  return mixed;
}

describe('clusters of a run', () => {
  it('are all kept; the first one is what was tested, as it was described last', () => {
    const described = (id: string, cniVersion: string): RunEvent => ({
      ...{ type: 'cluster', at, id, host: {}, features: [], images: {} },
      cluster: {
        ...{ name: id, provider: 'kind', kubernetes: 'v1', cni: 'calico', cniVersion },
        ...{ mesh: 'none', meshVersion: '', nodes: [] },
      },
    });
    const run = fold([described('one', '1'), described('two', '9'), described('one', '2')]);
    expect(run.clusters).to.have.length(3);
    expect(run.environment?.cluster).to.include({ name: 'one', cniVersion: '2' });
  });
});

describe('a redacted command line', () => {
  it('has no secrets and repeats all else', () => {
    const argv = ['run', '--cni', 'calico', '--registry', 'me:pw@host:5000/x', '--api-token=abc', '--password', 'p'];
    expect(redactArgv(argv)).to.deep.equal([
      ...['run', '--cni', 'calico', '--registry', '[redacted]@host:5000/x'],
      ...['--api-token=[redacted]', '--password', '[redacted]'],
    ]);
    expect(redactArgv(['https://token@host/x', 'https://a:b@host', '--kubeconfig', 'users:\n- token'])).to.deep.equal([
      ...['https://[redacted]@host/x', 'https://[redacted]@host', '--kubeconfig', '[redacted]'],
    ]);
    const pinned = ['--agent-image', 'node:22@sha256:0123'];
    expect(redactArgv(pinned)).to.deep.equal(pinned);
    expect(redactArgv(['--include', 'dns-*', '--out', '/a:b/c'])).to.deep.equal([
      '--include',
      'dns-*',
      '--out',
      '/a:b/c',
    ]);
  });
});
