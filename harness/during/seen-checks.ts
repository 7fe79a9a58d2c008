import type { Agent } from '../probe/agent-types.ts';
import type { ProbeResult } from '../probe/types.ts';
import { type Check, difference, observe } from '../table/checks.ts';
import { describeProbe } from '../table/probes.ts';
import { type DnsCheck, dnsDifference, dnsRow } from '../table/dns-queries.ts';
import { rowOf } from '../table/settle-checks.ts';
import type { CellState, End, SeenCell } from './types.ts';

/** A check of something that must get through, and all pods its packets may be meant for. */
export type EndedCheck<C> = C & { readonly ends: readonly End[] };

/** Looks at checks once. An answer of somebody else than wanted is `wrong`, whatever fault holds. */
export async function lookAtChecks(checks: readonly EndedCheck<Check>[]): Promise<SeenCell[]> {
  return (await observe(checks)).map((seen) => ({
    ...cellOf(
      seen.check,
      stateOf(seen.result, difference(seen.check.want, seen.result), seen.result.verdict === 'open'),
    ),
    row: rowOf(seen),
  }));
}

/** The same for DNS queries: an answer without error and with other records is `wrong`, an error is an answer lost. */
export async function lookAtQueries(checks: readonly EndedCheck<DnsCheck>[]): Promise<SeenCell[]> {
  return (await observe(checks)).map((seen) => ({
    ...cellOf(seen.check, stateOf(seen.result, dnsDifference(seen.check.want, seen.result), isAnswer(seen.result))),
    row: dnsRow(seen),
  }));
}

const isAnswer = ({ verdict, dns }: ProbeResult) => verdict === 'open' && dns?.rcode === 'NOERROR';

function stateOf({ verdict }: ProbeResult, differs: string | undefined, answered: boolean): CellState {
  if (verdict === 'inconclusive') return 'unknown';
  if (differs === undefined) return 'as-wanted';
  return answered ? 'wrong' : 'lost';
}

function cellOf({ from, probe, ends }: EndedCheck<Pick<Check, 'from' | 'probe'>>, state: CellState) {
  return { key: `${nameOf(from)} -> ${describeProbe(probe)}`, state, from, probe, ends: [from, ...ends] };
}

const nameOf = ({ name, node }: Agent) => `${name} on ${node}`;
