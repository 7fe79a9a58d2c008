import type { RunRecord } from '../../harness/events/record.ts';
import { duration } from '../format.ts';
import { upgradeReport } from './fold.ts';
import type { UpgradeReport } from './model.ts';
import {
  className,
  clockOf,
  conformanceLines,
  harms,
  isHarmed,
  lossOf,
  pathName,
  summary,
  windowText,
  worstFirst,
} from './words.ts';

const marks = { safe: '🟢', 'safe with downtime': '🟡', unsafe: '🔴', inconclusive: '⚪' } as const;
const mostReasons = 20;

/** Returns a section for a change ticket: verdict first, then every path that lost something, then what was done. */
export function upgradeMarkdown(run: RunRecord): string {
  const report = upgradeReport(run);
  const { verdict, title, startedAt, cluster } = report;
  const where =
    cluster === undefined
      ? ''
      : ` on ${cluster.name} (Kubernetes ${cluster.kubernetes}, ${cluster.cni} ${cluster.cniVersion})`;
  const parts = [
    `## ${verdict === undefined ? 'No verdict' : `${marks[verdict]} ${verdict}`}: ${cell(title)}`,
    `${cell(`${startedAt}${where}`)}. ${cell(summary(report))}.`,
    report.reasons
      .slice(0, mostReasons)
      .map((reason) => `- ${cell(reason)}`)
      .join('\n'),
    losses(report),
    steps(report),
    conformanceLines(report)
      .map((line) => `- ${cell(line)}`)
      .join('\n'),
    findings(report),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function losses({ paths }: UpgradeReport): string {
  const rows = worstFirst(paths.filter(isHarmed)).map((path) => {
    const { longestMs, sumMs, failed, attempts, cuts } = lossOf(path);
    const longest = path.lanes
      .flatMap((lane) => harms(lane).map((window) => ({ lane, window })))
      .toSorted((a, b) => b.window.ms - a.window.ms)[0];
    const when =
      longest === undefined
        ? ''
        : `${longest.lane.transport}, ${longest.lane.connections}: ${windowText(longest.window)}`;
    return [
      pathName(path),
      className(path),
      duration(longestMs),
      duration(sumMs),
      `${failed}/${attempts}`,
      String(cuts),
      when,
    ];
  });
  return table(['path', 'kind', 'longest', 'sum', 'failed', 'cuts', 'longest window'], rows);
}

function steps({ spans }: UpgradeReport): string {
  const rows = spans.map(({ kind, title, from, ms }) => [clockOf(from), duration(ms), kind, title]);
  return table(['from', 'took', 'what', ''], rows);
}

function findings(report: UpgradeReport): string {
  const rows = report.findings.map(({ severity, object, what, remedy }) => [severity, object, what, remedy]);
  return table(['severity', 'object', 'finding', 'remedy'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

/** What comes from clusters and command lines may not break a table or become markup. */
function cell(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
