import { stringify } from 'yaml';
import { comparisonText } from '../table/compare-tables.ts';
import type { Counterexample, FuzzOutcome } from './fuzz.ts';

/** Returns the smallest policies as YAML, the tables and reasons, and how to see it again. */
export function counterexampleText({ policies, comparison }: Counterexample, file: string): string {
  const objects = policies.map((policy) => stringify(policy)).join('---\n');
  return `${objects}\n${comparisonText(comparison)}\nreplay: ordeal fuzz networkpolicy --replay ${file}\n`;
}

/** Returns one line: what was drawn, how much was measured, how it ended. */
export function outcomeText(outcome: FuzzOutcome, seed: number): string {
  const { worlds, cells, inconclusive, mute, unstable, counterexample } = outcome;
  const end = counterexample === undefined ? 'no disagreement' : `disagreement in world ${counterexample.world}`;
  const silent = mute.length > 0 ? ` (${mute.join(', ')} did not answer even itself)` : '';
  const doubt = inconclusive > 0 ? `, ${inconclusive} inconclusive${silent}` : '';
  const slow = unstable.length > 0 ? `, slow to settle: ${unstable.join(', ')}` : '';
  return `seed ${seed}: ${worlds} worlds, ${cells} cells, ${end}${doubt}${slow}\n`;
}
