import type { Agent } from '../probe/agent-types.ts';
import { expect } from 'chai';
import type { CaseContext } from '../case/types.ts';
import type { AgentPort, Probe } from '../probe/types.ts';
import { disagreement, expectAsWanted, measure, observe, open, type Check, type Want } from '../table/checks.ts';
import { describeProbe, fleetPorts, reach, transports, type Transport } from '../table/probes.ts';
import type { PortSpec } from './objects.ts';
import { fleet } from './fleet.ts';
import { assertSame } from '../table/assertions.ts';

/** Ports a Service of these suites offers; each differs from its target port, so that translation must happen. */
export const servicePorts: Readonly<Record<Transport, number>> = { http: 80, tcp: 9000, udp: 9000 };

/** What pods of a case serve: the same shape as the standing fleet. */
export const podPorts: readonly AgentPort[] = [
  { port: 8080, protocol: 'HTTP', name: 'http' },
  { port: 8090, protocol: 'TCP', name: 'tcp' },
  { port: 8090, protocol: 'UDP', name: 'udp' },
];

/** Returns Service ports for all three transports in front of the standing fleet. */
export function fleetPortSpecs(ctx: CaseContext): PortSpec[] {
  const target = fleetPorts(ctx.use(fleet));
  return transports.map((kind) => ({
    name: kind,
    port: servicePorts[kind],
    protocol: kind === 'udp' ? 'UDP' : 'TCP',
    targetPort: target[kind],
  }));
}

/** Returns the Service port that leads to HTTP on `podPorts` by port name. */
export const httpPort: PortSpec = { name: 'http', port: servicePorts.http, targetPort: 'http' };

/** Returns every agent that can be a client: all pods, and one hostNetwork agent a node where those are allowed. */
export function everyone(ctx: CaseContext): Agent[] {
  return [...ctx.use(fleet).agents, ...ctx.use(fleet).hostAgents];
}

/** Returns the names of the standing pods: who may answer for a Service over the fleet. */
export function fleetNames(ctx: CaseContext): string[] {
  return ctx.use(fleet).agents.map((agent) => agent.name);
}

/** Returns one check a client and transport. */
export function transportChecks(
  ctx: CaseContext,
  clients: readonly Agent[],
  host: string,
  ports: Readonly<Partial<Record<Transport, number>>>,
  want: Want,
): Check[] {
  return clients.flatMap((from) =>
    transports.flatMap((kind) => {
      const port = ports[kind];
      return port === undefined ? [] : [{ from, probe: reach(ctx, kind, host, port), want }];
    }),
  );
}

/** Returns one client on each node, or on a sample of them, and records which. */
export function clientsOnNodes(ctx: CaseContext): readonly Agent[] {
  const standing = ctx.use(fleet);
  const clients = standing.fromEveryNode();
  ctx.parameter(
    'asked from',
    `${clients.length} of ${ctx.cluster.info.nodes.length} nodes: ${clients.map(({ node }) => node).join(', ')}`,
  );
  return clients;
}

/** Tries of one client that miss one of four backends by chance once in 10^7. */
const fewestTries = 60;
const triesPerBackend = 16;

/** Returns the tries one client needs to be answered by each of so many backends: (1 - 1/n)^(16 n) is below 2 in 10^7. */
export function spreadTries(backends: number): number {
  return Math.max(fewestTries, triesPerBackend * backends);
}

/**
 * Asks `count` times at once over new connections, asserts that each was answered, returns who answered each. One look
 * decides, so each has all the patience of a probe that shares its path with many.
 */
export async function respondersOf(
  ctx: Pick<CaseContext, 'timeouts'>,
  from: Agent,
  asked: Probe,
  count: number,
): Promise<string[]> {
  const probe = { ...asked, timeoutMs: ctx.timeouts.transferMs };
  const seen = await measure(Array.from({ length: count }, () => ({ from, probe, want: open() })));
  expectAsWanted(seen);
  return seen.map(({ result }) => result.responder ?? 'nobody');
}

/** Settles until `count` new connections of each client are answered by exactly the pods `names`, each at least once. */
export async function settleOnResponders(
  ctx: CaseContext,
  what: string,
  target: { from: readonly Agent[]; probe: Probe; names: readonly string[]; count?: number },
): Promise<number> {
  const { from: clients, probe, names, count = spreadTries(names.length) } = target;
  const want = open(...names);
  const checks = clients.flatMap((from) => Array.from({ length: count }, () => ({ from, probe, want })));
  return ctx.settle(what, async () => {
    const seen = await observe(checks);
    const wrong = disagreement(seen);
    if (wrong !== undefined) return wrong;
    const answered = Map.groupBy(seen, ({ check }) => check.from);
    const silent = clients.flatMap((from) => {
      const responders = (answered.get(from) ?? []).map(({ result }) => result.responder);
      return missing(names, responders, from, probe) ?? [];
    });
    return silent[0];
  });
}

/** Asks once more, with all patience: each client must be answered by all of `names` and by nobody else. */
export async function expectResponders(
  ctx: Pick<CaseContext, 'timeouts'>,
  target: { from: readonly Agent[]; probe: Probe; names: readonly string[]; count?: number },
): Promise<void> {
  const { from: clients, probe, names, count = spreadTries(target.names.length) } = target;
  for (const from of clients) {
    const answered = new Set(await respondersOf(ctx, from, probe, count));
    assertSame(
      [...answered].sort(),
      names.toSorted(),
      `who answered ${from.name} on ${from.node} at ${describeProbe(probe)}`,
    );
  }
}

function missing(
  names: readonly string[],
  answered: readonly (string | undefined)[],
  from: Agent,
  probe: Probe,
): string | undefined {
  const silent = names.filter((name) => !answered.includes(name));
  const asked = `${answered.length} tries of ${from.name} on ${from.node} at ${describeProbe(probe)}`;
  return silent.length === 0 ? undefined : `${silent.join(', ')} answered none of ${asked}`;
}

/** Asserts that the first answer and `count` concurrent ones after it come from one pod; returns its name. */
export async function expectSticky(
  ctx: Pick<CaseContext, 'timeouts'>,
  from: Agent,
  probe: Probe,
  count: number,
): Promise<string> {
  const [first = 'nobody'] = await respondersOf(ctx, from, probe, 1);
  const answered = new Set(await respondersOf(ctx, from, probe, count));
  const seen = `${from.name} at ${describeProbe(probe)} was first answered by ${first}, then by ${[...answered].join(', ')}`;
  if (answered.size !== 1 || !answered.has(first)) expect.fail(seen);
  return first;
}
