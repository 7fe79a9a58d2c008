import type { Agent } from '../../probe/agent-types.ts';
import { describeError } from '../../base/errors.ts';
import type { Feature } from '../../../clusters/names.ts';
import { KubeError } from '../../kube/errors.ts';
import type { NodeInfo } from '../../kube/nodes.ts';
import { networkPolicy } from '../../kube/objects.ts';
import { poll } from '../../kube/poll.ts';
import type { ProbeResult } from '../../probe/types.ts';
import { seen, type DetectionContext, type Observation } from './types.ts';

/** Where the probe pods of detection listen. */
export const port = 80;

/** Longer than any healthy cluster takes; what is open is seen at once and waits for nothing. */
const longestLookMs = 15_000;
/** A CNI whose data say that it has no policy engine is looked at as well, but not for as long. */
const unclaimedPolicyMs = 5_000;

/** What is looked at: a client and a server on the two nodes where there are two. */
export interface Bed {
  readonly context: DetectionContext;
  readonly namespace: string;
  readonly client: Agent;
  readonly server: Agent;
  readonly near: NodeInfo;
  readonly far: NodeInfo;
}

/** The port of a node under which a pod is published, or why none is. */
export type Published = { readonly number: number } | { readonly error: unknown };

/** Returns that nothing can be said of one feature, and why. */
export function cannotTell(feature: Feature, why: string): Observation {
  return { feature, observed: 'undetermined', evidence: `could not be determined: ${why}` };
}

async function ask(agent: Agent, host: string, toPort: number, timeoutMs = 500): Promise<ProbeResult> {
  const [result] = await agent.probe([{ kind: 'tcp', host, port: toPort, timeoutMs }]);
  return result ?? { verdict: 'inconclusive', elapsedUs: 0, error: 'no result' };
}

/** Returns the first `open`, else what was seen last: endpoints and rules take a moment to spread. */
async function untilOpen({ context }: Bed, agent: Agent, host: string, toPort: number): Promise<ProbeResult> {
  let last: ProbeResult | undefined;
  await poll(Math.min(context.timeouts.settleMs, longestLookMs), async () => {
    last = await ask(agent, host, toPort);
    return last.verdict === 'open' ? true : undefined;
  });
  return last ?? { verdict: 'inconclusive', elapsedUs: 0 };
}

/** A `no` counts only while the plain way from pod to pod is open: else it is that way that is broken. */
async function unlessControlFails(bed: Bed, no: Observation): Promise<Observation> {
  const { client, server } = bed;
  const { verdict } = await untilOpen(bed, client, server.ip, port);
  return verdict === 'open' ? no : cannotTell(no.feature, `${no.evidence}; and ${verdict} between two pods directly`);
}

/** Really enforced? Open without a policy, closed under one that denies. */
export async function policy(bed: Bed, guarded: Agent): Promise<Observation> {
  const { context, namespace, client } = bed;
  const before: ProbeResult = await untilOpen(bed, client, guarded.ip, port);
  if (before.verdict !== 'open') {
    return cannotTell('NetworkPolicy', `${before.verdict} between two pods without any policy`);
  }
  const deny = { podSelector: { matchLabels: { app: 'guarded' } }, policyTypes: ['Ingress' as const] };
  const started = performance.now();
  await context.kube.apply(networkPolicy(namespace, 'deny-ingress', deny));
  const limitMs = context.declared.NetworkPolicy === false ? unclaimedPolicyMs : longestLookMs;
  let seenLast: Pick<ProbeResult, 'verdict'> = before;
  const cut = await poll(Math.min(context.timeouts.settleMs, limitMs), async () => {
    const { verdict } = await ask(client, guarded.ip, port, context.timeouts.policyConnectMs);
    seenLast = { verdict };
    return verdict === 'dropped' || verdict === 'refused' || verdict === 'unreachable' ? verdict : undefined;
  });
  const ms = Math.round(performance.now() - started);
  const { verdict: last } = seenLast;
  if (cut !== undefined) return seen('NetworkPolicy', true, `${cut} ${ms} ms after a policy denied it`);
  if (last !== 'open') return cannotTell('NetworkPolicy', `${last} ${ms} ms after a policy denied it`);
  return seen('NetworkPolicy', false, `traffic still open ${ms} ms after a policy denied it`);
}

export async function hairpin(bed: Bed, clusterIp: string): Promise<Observation> {
  const { verdict, error } = await untilOpen(bed, bed.server, clusterIp, port);
  if (verdict === 'open') return seen('Hairpin', true, 'a pod reaches itself through its Service');
  return unlessControlFails(bed, seen('Hairpin', false, `${verdict} ${error ?? ''}`.trim()));
}

export async function nodePort(bed: Bed, number: number): Promise<Observation> {
  const nodes = [...new Set([bed.near, bed.far])];
  const verdicts = await Promise.all(nodes.map(({ ip }) => untilOpen(bed, bed.client, ip, number)));
  const said = nodes.map(({ name }, index) => `${name} ${verdicts[index]?.verdict ?? 'unknown'}`).join(', ');
  const open = verdicts.every(({ verdict }) => verdict === 'open');
  const found = seen('NodePort', open, `port ${number}: ${said}`);
  return open ? found : unlessControlFails(bed, found);
}

export async function hostPort(bed: Bed, published: Published): Promise<Observation> {
  if ('error' in published) return notPublished(published.error);
  const { verdict } = await untilOpen(bed, bed.client, bed.far.ip, published.number);
  const found = seen('HostPort', verdict === 'open', `port ${published.number} of ${bed.far.name}: ${verdict}`);
  return verdict === 'open' ? found : unlessControlFails(bed, found);
}

/** That an admission forbids pods with a hostPort is an answer; that this one did not start is none. */
function notPublished(error: unknown): Observation {
  const why = describeError(error);
  if (error instanceof KubeError && error.status === 403) return seen('HostPort', false, `no pod may have one: ${why}`);
  return cannotTell('HostPort', `no pod with a hostPort starts: ${why}`);
}
