import type { RunRecord } from '../../harness/events/record.ts';
import { duration, oneLine, textTable } from '../format.ts';
import { type Paint, plainPaint } from '../paint.ts';
import { upgradeReport } from './fold.ts';
import type { UpgradeReport } from './model.ts';
import { className, conformanceLines, isHarmed, lossOf, pathName, summary, worstFirst } from './words.ts';

const mostReasons = 8;
const widest = 160;

/** Returns what a terminal is told when the upgrade is over. */
export function upgradeText(run: RunRecord, paint: Paint = plainPaint): string {
  const report = upgradeReport(run);
  const reasons = report.reasons.slice(0, mostReasons).map((reason) => `  ${oneLine(reason, widest)}`);
  const more = report.reasons.length - reasons.length;
  const lines = [
    verdictLine(report, paint),
    ...reasons,
    ...(more > 0 ? [`  and ${more} more`] : []),
    '',
    summary(report),
    ...lossTable(report),
    ...conformanceLines(report),
    ...findingLines(report, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function verdictLine({ verdict }: UpgradeReport, paint: Paint): string {
  if (verdict === undefined) return paint('bold', 'no verdict');
  const colour = verdict === 'unsafe' ? 'red' : verdict === 'inconclusive' ? 'yellow' : 'green';
  return paint('bold', paint(colour, verdict));
}

function lossTable({ paths }: UpgradeReport): string[] {
  const rows = worstFirst(paths.filter((path) => isHarmed(path) || lossOf(path).cuts > 0)).map((path) => {
    const { windows, longestMs, sumMs, failed, attempts, cuts } = lossOf(path);
    const numbers = [String(windows), duration(longestMs), duration(sumMs), `${failed} of ${attempts}`, String(cuts)];
    return [pathName(path), className(path), ...numbers];
  });
  if (rows.length === 0) return [];
  const head = ['path', 'kind', 'windows', 'longest', 'sum', 'failed', 'cuts'];
  return [textTable([head, ...rows], new Set([2, 3, 4, 5, 6]))];
}

function findingLines({ findings }: UpgradeReport, paint: Paint): string[] {
  const colours = { critical: 'red', warning: 'yellow', info: 'dim' } as const;
  return findings.map(
    ({ severity, object, what, remedy }) => `${paint(colours[severity], severity)}: ${object}: ${what}. ${remedy}`,
  );
}
