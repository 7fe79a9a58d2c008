import type { CaseOutcome, MutationResult, Score } from './judge.ts';
import type { Mutation } from './types.ts';

/** Runs of the core tier with nothing wrong. */
export interface CleanRuns {
  readonly runs: number;
  /** One entry a run in which a case failed or came to no verdict. */
  readonly alarms: readonly { readonly run: number; readonly cases: readonly CaseOutcome[] }[];
}

export interface SuiteResult {
  readonly cni: string;
  readonly results: readonly MutationResult[];
  readonly score: Score;
  readonly clean: CleanRuns;
  /** What ended the suite before all were tried. */
  readonly stopped?: string;
}

/** Returns the row of a mutation: name, verdict, the cases that told, and what they said. */
export function rowOf(result: MutationResult): readonly [string, string, string, string] {
  if (result.outcome !== 'judged') return [result.name, result.outcome, '', shortened(result.why)];
  const { verdict, failedAsTheyMust, failedAgainstTheRule, undecided } = result.judgement;
  const telling = verdict === 'overreached' ? failedAgainstTheRule : failedAsTheyMust;
  const shown = telling.length > 0 ? telling : undecided;
  return [result.name, verdict, idsOf(shown), shortened(shown[0]?.reason ?? result.why ?? '')];
}

function idsOf(cases: readonly CaseOutcome[]): string {
  const ids = cases.slice(0, 3).map(({ id }) => id);
  return [...ids, ...(cases.length > 3 ? [`and ${cases.length - 3} more`] : [])].join(', ');
}

function shortened(text: string, most = 160): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 3)}...` : line;
}

/** Returns the closing lines: how many of how many, and what the suite fails for. */
export function summaryOf({ cni, score, clean, stopped }: SuiteResult): string[] {
  const alarmed = `false alarms in ${clean.alarms.length} of ${clean.runs} clean runs`;
  return [
    `${cni}: detected ${score.detected}, named ${score.named}, of ${score.total} mutations; ${alarmed}`,
    ...(score.failed.length === 0 ? [] : [`not detected, though they have to be: ${score.failed.join(', ')}`]),
    ...clean.alarms.map(({ run, cases }) => `clean run ${run}: ${idsOf(cases)}: ${shortened(cases[0]?.reason ?? '')}`),
    ...(stopped === undefined ? [] : [`stopped early: ${stopped}`]),
  ];
}

/** Returns the result as a table for a terminal. */
export function textOf(result: SuiteResult): string {
  const rows = result.results.map(rowOf);
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length), 8);
  const lines = rows.map(([name, verdict, ids, said]) =>
    [name.padEnd(width(0)), verdict.padEnd(width(1)), ids, said === '' ? '' : `"${said}"`].join('  ').trimEnd(),
  );
  return `${[...lines, '', ...summaryOf(result)].join('\n')}\n`;
}

/** Returns the result as Markdown. */
export function markdownOf(result: SuiteResult, known: readonly Mutation[]): string {
  const defectOf = (name: string) => known.find((one) => one.name === name)?.defect ?? '';
  const cell = (text: string) => text.replaceAll('|', String.raw`\|`);
  const rows = result.results.map((one) => {
    const [name, verdict, ids, said] = rowOf(one);
    return `| ${[name, defectOf(name), verdict, ids, said].map(cell).join(' | ')} |`;
  });
  const head = ['| Mutation | Defect | Verdict | Cases | Reason |', '|---|---|---|---|---|'];
  return `# Mutation suite\n\n${summaryOf(result)
    .map((line) => `- ${line}`)
    .join('\n')}\n\n${[...head, ...rows].join('\n')}\n`;
}
