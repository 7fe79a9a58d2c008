import { z } from 'zod';
import { describeError, OrdealError, PodNetworkError } from '../base/errors.ts';
import type { Kube } from '../kube/types.ts';
import { defaultControlPort } from './transport.ts';
import { agentContainer } from './pod-spec.ts';

const ContainerState = z.object({
  waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
  terminated: z
    .object({ reason: z.string().optional(), message: z.string().optional(), exitCode: z.number().optional() })
    .optional(),
});

const ContainerStatus = z.object({
  name: z.string(),
  state: ContainerState.optional(),
  lastState: ContainerState.optional(),
});

/** The part of a Pod the fleet reads. */
export const Pod = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), deletionTimestamp: z.string().optional() }),
  spec: z.object({
    nodeName: z.string().optional(),
    containers: z.array(
      z.object({
        name: z.string(),
        env: z.array(z.object({ name: z.string(), value: z.string().optional() })).optional(),
      }),
    ),
  }),
  status: z
    .object({
      phase: z.string().optional(),
      reason: z.string().optional(),
      message: z.string().optional(),
      podIP: z.string().optional(),
      podIPs: z.array(z.object({ ip: z.string() })).optional(),
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), message: z.string().optional() }))
        .optional(),
      containerStatuses: z.array(ContainerStatus).optional(),
      initContainerStatuses: z.array(ContainerStatus).optional(),
    })
    .optional(),
});
export type Pod = z.infer<typeof Pod>;

/** Whether the pod's Ready condition holds and it has an address. */
export function isReady({ metadata, status }: Pod): boolean {
  const ready = status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True');
  return ready === true && status?.podIP !== undefined && metadata.deletionTimestamp === undefined;
}

/** Waiting reasons no waiting cures. */
const hopeless = new Set(['ErrImageNeverPull', 'InvalidImageName', 'CrashLoopBackOff']);

/** Whether the pod will never become ready by itself. */
export function isHopeless({ status }: Pod): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return true;
  return (status?.containerStatuses ?? []).some(({ state }) => hopeless.has(state?.waiting?.reason ?? ''));
}

function describeState(state: z.infer<typeof ContainerState> | undefined): string {
  const { waiting, terminated } = state ?? {};
  const said = terminated ?? waiting;
  if (said === undefined) return '';
  return [said.reason, terminated?.exitCode, said.message?.trim()].filter((part) => part !== undefined).join(' ');
}

/** Returns phase, unmet conditions and container states in words. */
export function describePod(pod: Pod): string {
  const { phase, reason, message, conditions } = pod.status ?? {};
  const unmet = (conditions ?? []).filter(({ status, message: why }) => status !== 'True' && why !== undefined);
  const containers = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const states = containers.flatMap(({ name, state, lastState }) =>
    [describeState(state), describeState(lastState)].filter((text) => text !== '').map((text) => `${name}: ${text}`),
  );
  const facts = [reason, message, ...unmet.map((condition) => condition.message), ...states];
  return [`phase ${phase ?? 'unknown'}`, ...facts].filter((fact) => fact !== undefined).join('; ');
}

const Event = z.object({
  reason: z.string().optional(),
  message: z.string().optional(),
  involvedObject: z.object({ name: z.string().optional() }),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
});

/** What the kubelet last said: that the CNI's ADD failed, that it does not reach the pod, or something else. */
type Complaint = 'no network' | 'not reached' | 'other';

interface LastEvent {
  readonly text: string;
  readonly complaint: Complaint;
}

/** containerd, CRI-O and dockershim name the network in it. */
const cniAddFailed = /set ?up network|pod network|CNI network|plugin type=|networkPlugin/i;
/** Of a probe that got no answer at all; one that was refused met a pod whose agent does not listen yet. */
const probeUnanswered = /deadline exceeded|Client\.Timeout|i\/o timeout|no route to host/i;

function complaintOf(reason: string, message: string): Complaint {
  if (reason === 'FailedCreatePodSandBox' && cniAddFailed.test(message)) return 'no network';
  return reason === 'Unhealthy' && probeUnanswered.test(message) ? 'not reached' : 'other';
}

async function lastEvent(kube: Kube, namespace: string, name: string): Promise<LastEvent> {
  const objects = await kube.list({ apiVersion: 'v1', kind: 'Event', namespace });
  const mine = objects
    .map((object) => Event.safeParse(object).data)
    .filter((event) => event?.involvedObject.name === name)
    .toSorted((a, b) => (a?.lastTimestamp ?? a?.eventTime ?? '').localeCompare(b?.lastTimestamp ?? b?.eventTime ?? ''));
  const last = mine.at(-1);
  if (last === undefined) return { text: 'none', complaint: 'other' };
  const { reason = '', message = '' } = last;
  return { text: `${reason} ${message}`, complaint: complaintOf(reason, message) };
}

export interface PodTrouble {
  readonly pod: { readonly namespace: string; readonly name: string };
  readonly seen: Pod | undefined;
  readonly waitedMs: number;
  /** Whether its agent answers by a way that takes no pod network. */
  readonly answers: (pod: Pod) => Promise<boolean>;
}

/**
 * Returns the error for a pod that did not become a working agent: phase, container states and the last event. A
 * PodNetworkError where the kubelet says that the CNI gave it no network, or that it does not reach a pod whose agent
 * answers otherwise: failures of the network; else `AGENT`.
 */
export async function podTrouble(kube: Kube, { pod, seen, waitedMs, answers }: PodTrouble): Promise<OrdealError> {
  const event = await lastEvent(kube, pod.namespace, pod.name).catch((error: unknown): LastEvent => ({
    text: `unknown (${describeError(error)})`,
    complaint: 'other',
  }));
  const state = seen === undefined ? 'the API server does not list it' : describePod(seen);
  const message = `probe pod ${pod.namespace}/${pod.name} is not ready after ${Math.round(waitedMs)} ms: ${state}; last event: ${event.text}`;
  const remedy = `Look at it: kubectl -n ${pod.namespace} describe pod ${pod.name}`;
  const node = seen?.spec.nodeName ?? '';
  if (event.complaint === 'no network') {
    return new PodNetworkError(node, `pods on node ${node} get no network: ${message}`, { remedy });
  }
  if (event.complaint === 'not reached' && seen?.status?.podIP !== undefined && (await answers(seen))) {
    const told = `node ${node} does not reach pods on it, whose agents answer when asked through the API server`;
    return new PodNetworkError(node, `${told}: ${message}`, { remedy });
  }
  return new OrdealError('AGENT', message, { remedy });
}

/** Returns the port of the agent's control server, as the pod itself says. */
export function controlPortOf(pod: Pod): number {
  const agent = pod.spec.containers.find(({ name }) => name === agentContainer) ?? pod.spec.containers[0];
  const value = agent?.env?.find(({ name }) => name === 'ORDEAL_AGENT')?.value;
  const config = z.object({ controlPort: z.int().default(defaultControlPort) });
  return value === undefined ? defaultControlPort : config.parse(JSON.parse(value)).controlPort;
}
