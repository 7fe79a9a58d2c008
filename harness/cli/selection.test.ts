import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { defineCase } from '../case/define-case.ts';
import { logVersion } from '../events/types.ts';
import { openLog } from '../events/writer.ts';
import { estimateMs, failedIn, newestRun, pastTimes } from './past-runs.ts';
import { type Selection, selected, shardOf } from './selection.ts';

const run = () => Promise.resolve();
const all = [
  defineCase({ id: 'dns-a', title: 'a', area: 'dns', touches: 'own', rights: [], run }),
  defineCase({ id: 'dns-b', title: 'b', area: 'dns', touches: 'own', rights: [], tier: 'extended', run }),
  defineCase({ id: 'mesh-a', title: 'a', area: 'mesh', touches: 'own', rights: [], run }),
  defineCase({ id: 'mesh-b', title: 'b', area: 'mesh', touches: 'own', rights: [], tier: 'extended', run }),
];
const none: Selection = { include: [], exclude: [], area: [], tier: [], all: false, lastFailed: false };
const ids = (change: Partial<Selection>, failed?: string[]) =>
  selected(all, { ...none, ...change }, failed).map(({ id }) => id);

describe('the cases that flags choose', () => {
  it('fit every flag, and any value of one', () => {
    expect(ids({})).deep.equal(['dns-a', 'dns-b', 'mesh-a', 'mesh-b']);
    expect(ids({ area: ['mesh'], include: ['core'] })).deep.equal(['mesh-a']);
    expect(ids({ area: ['mesh'], tier: ['extended'] })).deep.equal(['mesh-b']);
    expect(ids({ area: ['mesh', 'dns'], include: ['*-a'], exclude: ['dns'] })).deep.equal(['mesh-a']);
    expect(ids({ area: ['mesh'], include: ['dns-a'] })).deep.equal([]);
    expect(ids({ area: ['dns'] }, ['dns-b', 'mesh-a'])).deep.equal(['dns-b']);
  });

  it('are dealt to shards, each to one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), (of) => {
        const dealt = Array.from({ length: of }, (_, index) => shardOf(all, { index: index + 1, of }));
        expect(dealt.flat().map(({ id }) => id)).to.have.members(all.map(({ id }) => id));
        expect(dealt.flat()).length(all.length);
      }),
    );
  });
});

const outcomes = { 'dns-a': 'passed', 'dns-b': 'failed', 'mesh-a': 'inconclusive', 'mesh-b': undefined } as const;

function pastRun(root: string, name: string): void {
  const log = openLog(join(root, name, 'run.ndjson'));
  log.emit({
    type: 'run.started',
    logVersion,
    runId: name,
    ordeal: '0',
    command: 'run',
    argv: [],
    imageSource: 'none',
  });
  for (const { id, title, area, tier } of all) {
    log.emit({ type: 'case.planned', id, title, area, tier, tags: [], needs: [] });
    const outcome = outcomes[id as keyof typeof outcomes];
    if (outcome !== undefined) log.emit({ type: 'case.finished', id, outcome, baseline: 'as-expected', ms: 3_000 });
  }
  log.emit({ type: 'step', title: 'run 4 cases', ms: 4_500, outcome: 'ok' });
  log.close();
}

describe('earlier runs', () => {
  it('tell what did not pass, the newest by default', async () => {
    const root = await mkdtemp(join(tmpdir(), 'ordeal-'));
    pastRun(root, '20260101-000000-calico-aaaaaa');
    pastRun(root, '20260102-000000-calico-bbbbbb');
    await mkdir(join(root, '20260103-000000-calico-cccccc'));
    await mkdir(join(root, '20260104-000000-fuzz-dddddd'));
    const newest = await newestRun(root);
    expect(newest).equal(join(root, '20260102-000000-calico-bbbbbb'));
    expect(await failedIn(newest)).deep.equal(['dns-b', 'mesh-a', 'mesh-b']);
    expect(await newestRun('/nonexistent').catch(String)).include('there is no run under /nonexistent/');
  });

  it('tell how long cases take, as they overlapped', async () => {
    const root = await mkdtemp(join(tmpdir(), 'ordeal-'));
    pastRun(root, '20260101-000000-calico-aaaaaa');
    const times = await pastTimes(root);
    if (times === undefined) throw new Error('no times');
    expect(times.overlap).equal(2);
    expect(estimateMs(['dns-a', 'dns-b', 'unknown'], times)).equal(4_500);
    expect(estimateMs(['dns-a'], times)).equal(3_000);
    expect(await pastTimes('/nonexistent')).equal(undefined);
  });
});
