import { settleTwice } from './settle-checks.ts';
import type { Agent } from '../probe/agent-types.ts';
import { expect } from 'chai';
import type { TableRow } from '../events/case-table.ts';
import type { CheckContext } from './check-context.ts';
import type { Probe, ProbeResult } from '../probe/types.ts';
import { clusterDns, type Heard, waitWhileWorth } from './outages.ts';
import { measuredText, placeOfSeen, resultOfCheck } from './seen-row.ts';
import { describeSeen, firstDifference, observe, requireConclusive, type Seen } from './checks.ts';
import { assertNoDifference } from './assertions.ts';

type DnsProbe = Extract<Probe, { kind: 'dns' }>;
export type RrType = DnsProbe['rrtype'];
export type DnsTransport = NonNullable<DnsProbe['transport']>;
export const dnsTransports: readonly DnsTransport[] = ['udp', 'tcp'];

/** What a query must answer: one of these rcodes with exactly these records in any order. */
export interface DnsWant {
  readonly rcodes: readonly string[];
  readonly answers: readonly string[];
}

export interface DnsCheck {
  readonly from: Agent;
  readonly probe: Probe;
  readonly want: DnsWant;
}

/** Returns a query for exactly `name` (no search path). Server and port default to the pod's resolver. */
export function ask(
  ctx: Pick<CheckContext, 'timeouts'>,
  rrtype: RrType,
  name: string,
  options: { transport?: DnsTransport; server?: string; serverPort?: number } = {},
): Probe {
  return { kind: 'dns', name, rrtype, timeoutMs: ctx.timeouts.dnsQueryMs, ...options };
}

/** Returns a getaddrinfo lookup: search path, ndots and /etc/hosts of the pod apply. */
export function lookUp(ctx: Pick<CheckContext, 'timeouts'>, name: string): Probe {
  return { kind: 'lookup', name, timeoutMs: ctx.timeouts.dnsLookupMs };
}

/** Returns the wish "NOERROR with exactly these records". */
export function answers(...records: readonly string[]): DnsWant {
  return { rcodes: ['NOERROR'], answers: records };
}

/** The name does not exist at all. */
export const nxdomain: DnsWant = { rcodes: ['NXDOMAIN'], answers: [] };

/** The name exists, with no record of the asked type. */
export const nodata: DnsWant = { rcodes: ['NOERROR'], answers: [] };

/** No record; whether the name itself exists is left open by the specification. */
export const noRecords: DnsWant = { rcodes: ['NOERROR', 'NXDOMAIN'], answers: [] };

/** Returns one check an agent, over UDP and over TCP. */
export function overBoth(
  ctx: Pick<CheckContext, 'timeouts'>,
  clients: readonly Agent[],
  question: { rrtype: RrType; name: string },
  want: DnsWant,
): DnsCheck[] {
  return clients.flatMap((from) =>
    dnsTransports.map((transport) => ({ from, probe: ask(ctx, question.rrtype, question.name, { transport }), want })),
  );
}

/** Returns records in a form in which equal answers are equal: sorted, lower case, no final dot, no repeats. */
export function canonical(records: readonly string[]): string[] {
  return [...new Set(records.map((record) => record.toLowerCase().replace(/\.$/, '')))].sort();
}

/** Returns undefined when `result` answers as wanted, else what differs. */
export function dnsDifference(want: DnsWant, result: ProbeResult): string | undefined {
  if (result.verdict !== 'open' || result.dns === undefined) return `wanted ${describeWant(want)}`;
  const same = canonical(result.dns.answers).join() === canonical(want.answers).join();
  return want.rcodes.includes(result.dns.rcode) && same ? undefined : `wanted ${describeWant(want)}`;
}

function describeWant({ rcodes, answers: records }: DnsWant): string {
  const rcode = rcodes.join(' or ');
  return records.length === 0 ? `${rcode} without records` : `${rcode} with ${canonical(records).join(', ')}`;
}

function describeDns(seen: Seen<{ from: Agent; probe: Probe }>): string {
  return `${describeSeen(seen)}${answerText(seen.result)}`;
}

/** Returns `, NOERROR with 10.96.0.1`; empty where no DNS server answered. */
export function answerText({ dns }: ProbeResult): string {
  if (dns === undefined) return '';
  return `, ${dns.rcode} with ${dns.answers.length === 0 ? 'no records' : dns.answers.join(', ')}`;
}

/** Settles until every query answers as wanted, then asks once more and asserts. Returns the confirming answers. */
export async function settleAndExpectDns(
  ctx: CheckContext,
  what: string,
  checks: readonly DnsCheck[],
): Promise<Seen<DnsCheck>[]> {
  const { dnsSettleMs: wholeMs, dnsSilenceMs: silentMs, knownSilenceMs: knownMs } = ctx.timeouts;
  let seen: readonly Seen<DnsCheck>[] = [];
  try {
    await waitWhileWorth(ctx, clusterDns, { wholeMs, silentMs, knownMs }, (watch, options) =>
      settleTwice(
        ctx,
        what,
        async () => {
          seen = await observe(checks);
          watch.take(seen.filter(asksCluster), isAnswer);
          return dnsDisagreement(seen);
        },
        options,
      ),
    );
    expectAnswers(seen);
  } finally {
    ctx.table(what, seen.map(dnsRow));
  }
  return [...seen];
}

/** Whether the pod's resolver was asked, not a server that the case names. */
const asksCluster = ({ check: { probe } }: Seen<DnsCheck>) =>
  probe.kind === 'lookup' || (probe.kind === 'dns' && probe.server === undefined);
const isAnswer = ({ result }: Heard) => result.dns !== undefined;

/** Returns what was seen of a query as a row of a table. */
export function dnsRow(seen: Seen<DnsCheck>): TableRow {
  const { check, result } = seen;
  const said = result.dns === undefined ? undefined : `${result.dns.rcode} ${canonical(result.dns.answers).join(', ')}`;
  return {
    ...placeOfSeen(seen),
    expected: describeWant(check.want),
    measured: said?.trim() ?? measuredText(result),
    ...resultOfCheck(result, dnsDifference(check.want, result)),
  };
}

/** Returns undefined when all answers are as wanted, else a line with the first disagreement and their count. */
export function dnsDisagreement(seen: readonly Seen<DnsCheck>[]): string | undefined {
  return firstDifference(seen, (one) => dnsDifference(one.check.want, one.result), describeDns);
}

/** Asserts that every query answered as its check wants. */
export function expectAnswers(seen: readonly Seen<DnsCheck>[]): void {
  expect(seen, 'queries sent').to.have.lengthOf.above(0);
  for (const one of seen.filter(({ result }) => result.verdict !== 'inconclusive')) {
    const why = dnsDifference(one.check.want, one.result);
    assertNoDifference(why && `${describeDns(one)}; ${why}`);
  }
  requireConclusive(seen);
}
