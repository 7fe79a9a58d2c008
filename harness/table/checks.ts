import type { Agent } from '../probe/agent-types.ts';
import { expect } from 'chai';
import { InconclusiveError } from '../base/errors.ts';
import type { Probe, ProbeResult, Verdict } from '../probe/types.ts';
import { closedVerdicts } from './fulfils.ts';
import { describeProbe } from './probes.ts';
import { assertNoDifference } from './assertions.ts';

/** What one probe must show. Absent `responders` or `peers`: anyone may answer, any source address may be seen. */
export interface Want {
  readonly verdicts: readonly Verdict[];
  /** Pods (or hostNetwork pods) that may answer. */
  readonly responders?: readonly string[];
  /** Addresses the server may see as its peer. */
  readonly peers?: readonly string[];
  /** True: an answer is fine as long as no agent of this run gave it. */
  readonly allowForeignResponder?: boolean;
}

/** One expectation: this agent, this probe, that outcome. */
export interface Check {
  readonly from: Agent;
  readonly probe: Probe;
  readonly want: Want;
}

export interface Seen<C extends { from: Agent; probe: Probe } = Check> {
  readonly check: C;
  readonly result: ProbeResult;
}

/** Returns the wish "answered", by one of `responders` where any are named. */
export function open(...responders: readonly string[]): Want {
  return responders.length === 0 ? { verdicts: ['open'] } : { verdicts: ['open'], responders };
}

/** RST or ICMP port unreachable: what a closed port and a Service without endpoints must say. */
export const refused: Want = { verdicts: ['refused'] };

/**
 * No answer of the application; how the network says so is left open by the specification. A closed port looks the same:
 * a check that a policy denies stands beside one that finds the port open.
 */
export const closed: Want = { verdicts: closedVerdicts };

/**
 * No agent answers. An address that belongs to nobody (any more) leaves by the node's default route, and what lies
 * there may well answer: that says nothing about the Service.
 */
export const noAgentAnswers: Want = { ...closed, allowForeignResponder: true };

/** Silence. */
export const dropped: Want = { verdicts: ['dropped'] };

/**
 * Runs the probes of all checks, one round trip an agent, and returns what was seen in the order of `checks`, probes that
 * say nothing about the network included.
 */
export async function observe<C extends { from: Agent; probe: Probe }>(checks: readonly C[]): Promise<Seen<C>[]> {
  const rows = Map.groupBy(checks, (check) => check.from);
  const measured = await Promise.all([...rows].map(([from, row]) => measureRow(from, row)));
  const byCheck = new Map(measured.flat().map((seen) => [seen.check, seen]));
  return checks.flatMap((check) => byCheck.get(check) ?? []);
}

/** Observes, and returns what was seen. @throws InconclusiveError when one probe says nothing about the network. */
export async function measure<C extends { from: Agent; probe: Probe }>(checks: readonly C[]): Promise<Seen<C>[]> {
  return requireConclusive(await observe(checks));
}

/** @throws InconclusiveError naming the first agent whose probe says nothing about the network. */
export function requireConclusive<C extends { from: Agent; probe: Probe }>(seen: readonly Seen<C>[]): Seen<C>[] {
  const broken = seen.find((one) => !isConclusive(one));
  if (broken === undefined) return [...seen];
  const { from, probe } = broken.check;
  const why = broken.result.error ?? 'no reason given';
  throw new InconclusiveError(`${from.namespace}/${from.name} could not probe ${describeProbe(probe)}: ${why}`);
}

const isConclusive = ({ result }: { result: ProbeResult }) => result.verdict !== 'inconclusive';
const noResult: ProbeResult = { verdict: 'inconclusive', elapsedUs: 0, error: 'no result' };

async function measureRow<C extends { from: Agent; probe: Probe }>(from: Agent, row: readonly C[]): Promise<Seen<C>[]> {
  const results = await from.probe(row.map((check) => check.probe));
  return row.map((check, index) => ({ check, result: results[index] ?? noResult }));
}

/** Returns undefined when `result` is as wanted, else what differs in a few words. */
export function difference(want: Want, result: ProbeResult): string | undefined {
  if (want.allowForeignResponder === true && result.verdict === 'open' && result.responder === undefined)
    return undefined;
  if (!want.verdicts.includes(result.verdict)) return `wanted ${want.verdicts.join(' or ')}`;
  if (result.verdict !== 'open') return undefined;
  if (want.responders !== undefined && !want.responders.includes(result.responder ?? '')) {
    return `wanted an answer of ${want.responders.join(' or ')}`;
  }
  if (want.peers !== undefined && !want.peers.includes(result.peerSeen ?? '')) {
    return `wanted the server to see ${want.peers.join(' or ')}`;
  }
  return undefined;
}

/** Returns one line: who asked, what, what came back. */
export function describeSeen({ check, result }: Seen<{ from: Agent; probe: Probe }>): string {
  const by = result.responder === undefined ? '' : ` by ${result.responder}`;
  const peer = result.peerSeen === undefined ? '' : ` (which saw ${result.peerSeen})`;
  const error = result.error === undefined ? '' : ` (${result.error})`;
  const from = `${check.from.name} on ${check.from.node}`;
  return `${from} -> ${describeProbe(check.probe)}: ${result.verdict}${by}${peer}${error}`;
}

/**
 * Returns undefined when all is as wanted, else a line with the first disagreement and how many there are. What is
 * conclusive is judged first: a broken probe must not hide what another has shown.
 * @throws InconclusiveError when nothing differs and a probe says nothing about the network.
 */
export function disagreement(seen: readonly Seen[]): string | undefined {
  return firstDifference(seen, (one) => difference(one.check.want, one.result), describeSeen);
}

/** The same for checks of any kind, given how they are compared and described. */
export function firstDifference<C extends { from: Agent; probe: Probe }>(
  seen: readonly Seen<C>[],
  compare: (one: Seen<C>) => string | undefined,
  describe: (one: Seen<C>) => string,
): string | undefined {
  const wrong = seen.filter(isConclusive).flatMap((one) => {
    const why = compare(one);
    return why === undefined ? [] : [`${describe(one)}; ${why}`];
  });
  if (wrong[0] !== undefined) return `${wrong.length} of ${seen.length} differ, first: ${wrong[0]}`;
  requireConclusive(seen);
  return undefined;
}

/**
 * Asserts that every probe showed what its check wants.
 * @throws InconclusiveError when all that is conclusive does, and a probe says nothing about the network.
 */
export function expectAsWanted(seen: readonly Seen[]): void {
  expect(seen, 'probes run').to.have.lengthOf.above(0);
  for (const one of seen.filter(isConclusive)) {
    const why = difference(one.check.want, one.result);
    assertNoDifference(why && `${describeSeen(one)}; ${why}`);
  }
  requireConclusive(seen);
}
