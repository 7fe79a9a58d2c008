import { expect } from 'chai';
import type { CaseContext } from '../case/types.ts';
import type { Agent, AgentPort, Probe } from '../probe/types.ts';
import { disagreement, expectAsWanted, measure, observe, open, type Check, type Want } from '../table/checks.ts';
import { describeProbe, fleetPorts, reach, transports, type Transport } from '../table/probes.ts';
import type { PortSpec } from './objects.ts';
import { fleet } from './fleet.ts';

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

/** Returns every agent that can be a client: all pods and one hostNetwork agent a node. */
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

/** Tries a fresh client connects in one go; enough that missing one of four backends by chance is one in 10^7. */
export const spreadTries = 60;

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

/** Settles until `count` new connections from `from` are answered by exactly the pods `names`, each at least once. */
export async function settleOnResponders(
  ctx: CaseContext,
  what: string,
  target: { from: Agent; probe: Probe; names: readonly string[]; count?: number },
): Promise<number> {
  const { from, probe, names, count = spreadTries } = target;
  const checks = Array.from({ length: count }, () => ({ from, probe, want: open(...names) }));
  return ctx.settle(what, async () => {
    const seen = await observe(checks);
    return (
      disagreement(seen) ??
      missing(
        names,
        seen.map(({ result }) => result.responder),
        from,
        probe,
      )
    );
  });
}

function missing(
  names: readonly string[],
  answered: readonly (string | undefined)[],
  from: Agent,
  probe: Probe,
): string | undefined {
  const silent = names.filter((name) => !answered.includes(name));
  const asked = `${answered.length} tries of ${from.name} at ${describeProbe(probe)}`;
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
  expect([...answered], seen).to.deep.equal([first]);
  return first;
}
