import type { RunRecord } from '../../harness/events/record.ts';
import { family, type Sampled } from '../open-metrics.ts';
import { upgradeReport } from './fold.ts';
import type { Lane, Path, UpgradeReport } from './model.ts';
import { harms } from './words.ts';

const verdicts = ['safe', 'safe with downtime', 'unsafe', 'inconclusive'] as const;

/** Returns what an upgrade did as OpenMetrics text (1.0): the verdict, and losses per path. */
export function upgradeOpenMetrics(run: RunRecord): string {
  const report = upgradeReport(run);
  const lanes = report.paths.flatMap((path) => path.lanes.map((lane) => ({ path, lane })));
  const perLane = (value: (lane: Lane) => number): Sampled[] =>
    lanes.map(({ path, lane }) => ({ labels: labelsOf(path, lane), value: value(lane) }));
  const sum = (lane: Lane, of: (ms: number, before: number) => number) =>
    harms(lane).reduce((before, { ms }) => of(ms, before), 0) / 1_000;
  const lines = [
    ...family('ordeal_upgrade_verdict', 'gauge', '1 for the verdict.', verdictSamples(report)),
    ...family(
      'ordeal_upgrade_downtime_longest_seconds',
      'gauge',
      'Longest window of a path.',
      perLane((lane) => sum(lane, Math.max)),
    ),
    ...family(
      'ordeal_upgrade_downtime_sum_seconds',
      'gauge',
      'All windows of a path.',
      perLane((lane) => sum(lane, (ms, before) => ms + before)),
    ),
    ...family(
      'ordeal_upgrade_attempts',
      'gauge',
      'Attempts on a path.',
      perLane(({ during }) => during?.attempts ?? 0),
    ),
    ...family(
      'ordeal_upgrade_failures',
      'gauge',
      'Attempts on a path that failed, or that leaked.',
      perLane(({ during }) => during?.failed ?? 0),
    ),
    ...family(
      'ordeal_upgrade_lost',
      'gauge',
      'Attempts of which nobody knows.',
      perLane(({ during }) => during?.lost ?? 0),
    ),
    ...family(
      'ordeal_upgrade_cuts',
      'gauge',
      'Kept connections that were cut.',
      perLane(({ during }) => during?.cuts ?? 0),
    ),
  ];
  return `${lines.join('\n')}\n# EOF\n`;
}

function verdictSamples({ verdict }: UpgradeReport): Sampled[] {
  return verdicts.map((name) => ({ labels: { verdict: name }, value: name === verdict ? 1 : 0 }));
}

function labelsOf({ class: kind, from, to, expected }: Path, { transport, connections }: Lane): Record<string, string> {
  return { class: kind, from, to, transport, connections, expected };
}
