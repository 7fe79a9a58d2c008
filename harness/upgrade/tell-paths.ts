import type { CommandRecorder } from '../events/command-log.ts';
import type { Outcome } from '../events/types.ts';
import type { Judgement, LaneOutcome, LaneState } from './judge.ts';

/** Gravest first. */
const outcomes: readonly (readonly [LaneState, Outcome])[] = [
  ['leaked', 'failed'],
  ['over budget', 'failed'],
  ['unknown', 'inconclusive'],
  ['disturbed', 'passed'],
  ['unharmed', 'passed'],
  ['broken before', 'unsupported'],
];

/**
 * Logs every way through the cluster as a case of its own, with all lanes on it: as such it stands in JUnit, Allure and
 * every other report of cases.
 */
export function tellPaths(all: readonly LaneOutcome[], judgement: Judgement, { event }: CommandRecorder): void {
  const ways = Map.groupBy(all, ({ lane }) => `${lane.class}\n${lane.client.node} -> ${lane.to}`);
  for (const [key, lanes] of ways) {
    const [pathClass = '', variant = ''] = key.split('\n');
    const id = `upgrade-${pathClass}`;
    const named = { id, variant };
    event({
      ...{ type: 'case.planned', ...named, title: `${pathClass}: ${variant} through the upgrade`, area: 'upgrade' },
      ...{ tier: 'core', tags: [], needs: [] },
    });
    event({ type: 'case.started', ...named });
    for (const one of lanes) tellMeasures(one, named, event);
    const { outcome, reason } = gravest(lanes, judgement);
    const why = reason === '' ? {} : { reason };
    event({ type: 'case.finished', ...named, outcome, baseline: 'as-expected', ms: 0, ...why });
  }
}

function gravest(lanes: readonly LaneOutcome[], judgement: Judgement): { outcome: Outcome; reason: string } {
  const judged = lanes.flatMap(({ lane }) => {
    const one = judgement.lanes.get(lane.id);
    return one === undefined ? [] : [{ ...one, name: `${lane.transport}, ${lane.connections} connections` }];
  });
  for (const [state, outcome] of outcomes) {
    const found = judged.filter((one) => one.state === state);
    if (found.length === 0) continue;
    return {
      outcome,
      reason: found
        .map(({ name, reason }) => (reason === '' ? '' : `${name}: ${reason}`))
        .join('; ')
        .replace(/^[; ]+$/, ''),
    };
  }
  return { outcome: 'inconclusive', reason: 'no lane was sampled' };
}

function tellMeasures(
  { lane, during, windows }: LaneOutcome,
  named: { id: string; variant: string },
  event: CommandRecorder['event'],
): void {
  const labels = { transport: lane.transport, connections: lane.connections };
  const kind = lane.expected === 'closed' ? 'leak' : 'down';
  const lengths = windows.filter((window) => window.kind === kind).map(({ fromMs, toMs }) => toMs - fromMs);
  const measure = (metric: string, value: number, unit: 'ms' | 'count') =>
    event({ type: 'case.measure', ...named, metric, unit, value, labels });
  measure('traffic.attempts', during.attempts, 'count');
  measure('traffic.failures', during.failed, 'count');
  if (lane.connections !== 'new') measure('traffic.cuts', during.cuts, 'count');
  if (lane.connections === 'idle') return;
  measure('downtime.windows', lengths.length, 'count');
  measure(
    'downtime.sum',
    lengths.reduce((sum, ms) => sum + ms, 0),
    'ms',
  );
  measure('downtime.longest', Math.max(0, ...lengths), 'ms');
}
