import type { RunRecord } from '../../harness/events/record.ts';
import { duration, quantity } from '../format.ts';
import { latenciesOf } from '../latencies.ts';
import { percentileCells, percentileHeads } from '../percentiles.ts';
import { otherSpreads, settleSpreads } from '../spreads.ts';
import { dotStrips } from './charts.ts';
import { html, nothing, section, table } from './markup.ts';
import type { Markup } from './markup.ts';

/** Returns the section of times to settle: every value as a dot, and a table of what their count carries. */
export function settling(run: RunRecord): Markup {
  const spreads = settleSpreads(run).sort((a, b) => b.max - a.max);
  if (spreads.length === 0) return nothing;
  const hint = html`<p class="soft">
    Each dot is one measurement; the band runs from p50 to p90 where there are 100 or more; the number is the maximum.
  </p>`;
  const rows = spreads.map((one) => ({ ...one, say: duration }));
  return section('Time to settle', hint, dotStrips(spreads), percentileTable(rows));
}

/** Returns the section of everything else that was measured. */
export function measured(run: RunRecord): Markup {
  const spreads = otherSpreads(run).map((one) => ({ ...one, say: (value: number) => quantity(value, one.unit) }));
  const latencies = latenciesOf(run).map(({ maxUs, ...one }) => ({ ...one, max: maxUs, say: microseconds }));
  return section('Also measured', percentileTable([...spreads, ...latencies]));
}

const microseconds = (us: number): string => duration(us / 1000);

interface Row {
  readonly name: string;
  readonly count: number;
  readonly percentiles: Parameters<typeof percentileCells>[1];
  readonly max: number;
  readonly say: (value: number) => string;
}

function percentileTable(rows: readonly Row[]): Markup {
  const heads = percentileHeads(rows.map(({ percentiles }) => percentiles));
  const head = ['what', 'n', ...heads, 'max'];
  const cells = rows.map(({ name, count, percentiles, max, say }) => {
    return [name, String(count), ...percentileCells(heads, percentiles, say), say(max)];
  });
  return table(head, cells, [...head.keys()].slice(1));
}
