import type { Kube } from '../kube/types.ts';
import { type Timeouts, timeoutsInForce } from '../base/timeouts.ts';
import { bundleAgent } from './bundle.ts';
import { connectAgent, type FleetAgent } from './client.ts';
import { podTransport } from './transport.ts';
import { mapLimited } from '../base/limit.ts';
import { type PodName, PodWatch } from './pod-watch.ts';
import { bundleManifest, podManifest, podTemplate } from './manifests.ts';
import { agentContainer, type PodContext } from './pod-spec.ts';
import { controlPortOf, type Pod } from './pod-status.ts';
import type { ProbeThrottle } from './probe-throttle.ts';
import type { AgentPodSpec, PodTemplate } from './agent-pod-spec.ts';

/** Where and as what a fleet is started. */
export interface FleetContext {
  readonly kube: Kube;
  readonly agentImage: string;
  /** Throttles rows of probes; absent: as for agents of this machine. */
  readonly rows?: ProbeThrottle;
  readonly runId: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly timeouts?: Timeouts;
  readonly signal?: AbortSignal;
}

/** Requests in flight to one API server at once; more only queue there. */
const requestsAtOnce = 16;

const timeoutsOf = (fleet: FleetContext): Timeouts => fleet.timeouts ?? timeoutsInForce();

function podContext({ agentImage, runId, labels }: FleetContext): PodContext {
  return { agentImage, runId, labels };
}

/** Puts the agent's file into `namespace`, where its pods mount it from. @throws OrdealError KUBE_API. */
export async function provideBundle(fleet: FleetContext, namespace: string): Promise<void> {
  await fleet.kube.apply(bundleManifest(namespace, await bundleAgent(), fleet.runId));
}

/**
 * Returns a template of pods that run the agent, its file already in the namespace. Pods made from it become agents
 * with `adopt`. @throws OrdealError KUBE_API.
 */
export async function agentPodTemplate(fleet: FleetContext, spec: Omit<AgentPodSpec, 'name'>): Promise<PodTemplate> {
  await provideBundle(fleet, spec.namespace);
  return podTemplate(spec, podContext(fleet));
}

/** Returns the client of a pod's agent, without asking it anything. */
export function agentFor(fleet: FleetContext, pod: Pod): FleetAgent {
  const { name, namespace } = pod.metadata;
  const { podIP = '', podIPs = [] } = pod.status ?? {};
  const { controlMs } = timeoutsOf(fleet);
  const ips = podIPs.length > 0 ? podIPs.map(({ ip }) => ip) : [podIP];
  const identity = { name, namespace, node: pod.spec.nodeName ?? '', ip: podIP, ips };
  const transport = podTransport(fleet.kube, { namespace, name, container: agentContainer }, controlPortOf(pod));
  return connectAgent(identity, transport, controlMs, fleet.rows);
}

async function agentOf(fleet: FleetContext, pod: Pod): Promise<FleetAgent> {
  const agent = agentFor(fleet, pod);
  await agent.ping(timeoutsOf(fleet).controlMs);
  return agent;
}

/** One for each fleet, however many start pods of it. */
const watches = new WeakMap<FleetContext, PodWatch>();

function watchOf(fleet: FleetContext): PodWatch {
  const { kube, runId, signal } = fleet;
  const timeouts = timeoutsOf(fleet);
  const answers = (pod: Pod) => answersIn(fleet, pod, timeouts.podLookMs);
  const watch = watches.get(fleet) ?? new PodWatch({ kube, runId, signal, timeouts, answers });
  watches.set(fleet, watch);
  return watch;
}

/**
 * Creates the pods concurrently and resolves, in the order of `specs`, once each is Ready and its control channel
 * answers; pods stay and die with their namespace. @throws OrdealError AGENT naming the pod, its phase, container states
 * and last event, `NOT_SETTLED` with the kubelet's words when the CNI gave it no network or its node does not reach it, or
 * `KUBE_API` when a pod is not admitted.
 */
export async function startAgents(fleet: FleetContext, specs: readonly AgentPodSpec[]): Promise<FleetAgent[]> {
  const namespaces = [...new Set(specs.map(({ namespace }) => namespace))];
  const context = podContext(fleet);
  await mapLimited(namespaces, requestsAtOnce, (namespace) => provideBundle(fleet, namespace));
  await mapLimited(specs, requestsAtOnce, (spec) => fleet.kube.create(podManifest(spec, context)));
  const agents = specs.map((spec) => adopt(fleet, spec));
  return Promise.all(agents).catch((error: unknown) => {
    for (const agent of agents) void agent.then(close, () => undefined);
    throw error;
  });
}

/** Nobody will have it. */
const close = (agent: FleetAgent) => agent.close();

/** A starved agent, which the kubelet does not hear in time either, takes longer than that. */
async function answersIn(fleet: FleetContext, pod: Pod, ms: number): Promise<boolean> {
  const asked = performance.now();
  try {
    (await agentOf(fleet, pod)).close();
  } catch {
    return false;
  }
  return performance.now() - asked < ms;
}

/**
 * Returns the agent of a pod that was created from `agentPodTemplate`, once it is Ready and answers. @throws OrdealError
 * AGENT like `startAgents`.
 */
export async function adopt(fleet: FleetContext, pod: PodName): Promise<FleetAgent> {
  return agentOf(fleet, await watchOf(fleet).ready(pod));
}
