import { folderOf } from '../../harness/events/fold.ts';
import type { RunRecord } from '../../harness/events/record.ts';
import { logVersion, RunEvent } from '../../harness/events/types.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, 0) + seconds * 1_000).toISOString();

const lane = (to: string, more: object = {}) => ({
  ...{ type: 'lane', at: at(0), lane: to, class: 'cluster-ip', from: 'worker', to, transport: 'TCP' },
  ...{ connections: 'new', expected: 'open', everyMs: 500 },
  ...more,
});
const seen = (of: string, stretch: string, failed: number) => ({
  ...{ type: 'lane.seen', at: at(90), lane: of, stretch, attempts: 100, failed, lost: 0, cuts: 0, meanMs: 1, maxMs: 4 },
});

const events = [
  {
    type: 'case.planned',
    at: at(0),
    id: 'upgrade',
    title: 'Upgrade by <make> up',
    area: 'upgrade',
    tier: 'core',
    tags: [],
    needs: [],
  },
  lane('Service web'),
  lane('pod on worker2', { class: 'other-node' }),
  { type: 'phase', at: at(1), phase: 'act', title: 'the upgrade', edge: 'began' },
  {
    type: 'window',
    at: at(40),
    lane: 'Service web',
    kind: 'down',
    from: at(30),
    ms: 2_900,
    attempts: 6,
    recovered: true,
    classes: { 'dropped: timeout': 6 },
  },
  { type: 'span', at: at(41), kind: 'step', title: 'drain worker', from: at(28), ms: 12_000 },
  {
    type: 'finding',
    at: at(2),
    check: 'pdb',
    severity: 'warning',
    object: 'PodDisruptionBudget x/y',
    what: 'it allows no eviction',
    remedy: 'Raise replicas',
  },
  { type: 'phase', at: at(60), phase: 'act', title: 'the upgrade', edge: 'ended' },
  seen('Service web', 'before', 0),
  seen('Service web', 'during', 6),
  seen('pod on worker2', 'during', 0),
  {
    type: 'case.planned',
    at: at(91),
    id: 'upgrade-cluster-ip',
    variant: 'worker -> Service web',
    title: 't',
    area: 'upgrade',
    tier: 'core',
    tags: [],
    needs: [],
  },
  { type: 'case.started', at: at(91), id: 'upgrade-cluster-ip', variant: 'worker -> Service web' },
  {
    type: 'case.finished',
    at: at(91),
    id: 'upgrade-cluster-ip',
    variant: 'worker -> Service web',
    outcome: 'failed',
    baseline: 'as-expected',
    reason: 'TCP: longest window 2900 ms over 1000',
    ms: 0,
  },
  {
    type: 'upgrade.verdict',
    at: at(92),
    verdict: 'unsafe',
    reasons: ['worker -> Service web: down'],
    budgets: { 'cluster-ip': { longestMs: 1_000 } },
  },
];

/** Returns the record of an upgrade in which `Service web` was down for 2.9 s and nothing else was. */
export function upgradeRun(more: readonly object[] = []): RunRecord {
  const folder = folderOf({
    ...{ type: 'run.started', at: at(0), logVersion, runId: 'r1', ordeal: '0', command: 'upgrade' },
    ...{ argv: [], imageSource: 'none' },
  });
  for (const event of [...events, ...more]) folder.add(RunEvent.parse(event));
  return folder.record();
}
