import type { Agent } from '../probe/agent-types.ts';
import type { TableRow } from '../events/case-table.ts';
import type { Probe, ProbeResult } from '../probe/types.ts';
import { describeProbe } from './probes.ts';

interface Asked {
  readonly from: Agent;
  readonly probe: Probe;
}

/** Returns where a check stands in a table: who asked, whom, over what. */
export function placeOfSeen({ check: { from, probe } }: { check: Asked }): Pick<TableRow, 'from' | 'to' | 'protocol'> {
  const asks = 'host' in probe ? { to: `${probe.host}:${probe.port}` } : { to: describeProbe(probe) };
  return { from: `${from.name} on ${from.node}`, ...asks, protocol: probe.kind.toUpperCase() };
}

/** Returns whether a check came out as wanted: nothing where it did. */
export function resultOfCheck(result: ProbeResult, differs: string | undefined): Pick<TableRow, 'result' | 'reason'> {
  if (result.verdict === 'inconclusive') return { result: 'inconclusive' };
  return differs === undefined ? {} : { result: 'differs', reason: differs };
}

/** Returns what was seen in a few words: the verdict, who answered, whom it saw, what went wrong. */
export function measuredText({ verdict, responder, peerSeen, error }: ProbeResult): string {
  const by = responder === undefined ? '' : ` by ${responder}`;
  const peer = peerSeen === undefined ? '' : `, which saw ${peerSeen}`;
  return `${verdict}${by}${peer}${error === undefined ? '' : ` (${error})`}`;
}
