import { setTimeout as pause } from 'node:timers/promises';
import { OrdealError } from '../errors.ts';
import type { Kube } from '../kube/types.ts';
import { Timeouts } from '../timeouts.ts';
import { bundleAgent } from './bundle.ts';
import { connectAgent, type FleetAgent } from './client.ts';
import { podDoor } from './door.ts';
import { inTurns } from './in-turns.ts';
import { bundleManifest, podManifest, podTemplate } from './manifests.ts';
import { agentContainer, type PodContext } from './pod-spec.ts';
import { controlPortOf, isHopeless, isReady, listPods, Pod, podTrouble } from './pod-status.ts';
import type { AgentPodSpec, PodTemplate } from './types.ts';

/** Where and as what a fleet is started. */
export interface FleetContext {
  readonly kube: Kube;
  readonly agentImage: string;
  readonly runId: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly timeouts?: Timeouts;
  readonly signal?: AbortSignal;
}

/** Requests in flight to one API server at once; more only queue there. */
const requestsAtOnce = 16;

const timeoutsOf = (fleet: FleetContext): Timeouts => fleet.timeouts ?? Timeouts.parse({});

async function podContext(fleet: FleetContext): Promise<PodContext> {
  const { agentImage, runId, labels } = fleet;
  return { agentImage, runId, labels, bundleHash: (await bundleAgent()).hash };
}

/** Puts the agent's file into `namespace`, where its pods mount it from. Throws OrdealError `KUBE_API`. */
export async function provideBundle(fleet: FleetContext, namespace: string): Promise<void> {
  await fleet.kube.apply(bundleManifest(namespace, await bundleAgent(), fleet.runId));
}

/**
 * Returns a template of pods that run the agent, its file already in the namespace. Pods made from it become agents
 * with `adopt`. Throws OrdealError `KUBE_API`.
 */
export async function agentPodTemplate(fleet: FleetContext, spec: Omit<AgentPodSpec, 'name'>): Promise<PodTemplate> {
  await provideBundle(fleet, spec.namespace);
  return podTemplate(spec, await podContext(fleet));
}

async function agentOf(fleet: FleetContext, pod: Pod): Promise<FleetAgent> {
  const { name, namespace } = pod.metadata;
  const { podIP = '', podIPs = [] } = pod.status ?? {};
  const { controlMs } = timeoutsOf(fleet);
  const ips = podIPs.length > 0 ? podIPs.map(({ ip }) => ip) : [podIP];
  const identity = { name, namespace, node: pod.spec.nodeName ?? '', ip: podIP, ips };
  const door = podDoor(fleet.kube, { namespace, name, container: agentContainer }, controlPortOf(pod));
  const agent = connectAgent(identity, door, controlMs);
  await agent.ping(controlMs);
  return agent;
}

/** Connects each wanted pod as soon as it is ready. */
class Gathering {
  private readonly connecting = new Map<string, Promise<FleetAgent>>();
  private readonly fleet: FleetContext;
  private readonly names: readonly string[];

  constructor(fleet: FleetContext, names: readonly string[]) {
    this.fleet = fleet;
    this.names = names;
  }

  get missing(): string[] {
    return this.names.filter((name) => !this.connecting.has(name));
  }

  look(pods: ReadonlyMap<string, Pod>): void {
    for (const name of this.missing) {
      const pod = pods.get(name);
      if (pod !== undefined && isReady(pod)) this.connecting.set(name, holdRejection(agentOf(this.fleet, pod)));
    }
  }

  async letGo(): Promise<void> {
    for (const outcome of await Promise.allSettled(this.connecting.values())) {
      if (outcome.status === 'fulfilled') outcome.value.close();
    }
  }

  agents(): Promise<FleetAgent[]> {
    return Promise.all(this.names.map((name) => this.connecting.get(name)).filter((agent) => agent !== undefined));
  }
}

/** A pod that has not started for a while will not do so in the next moment; lists load the API server it waits for. */
const shareOfWait = 0.1;

/** One list call per poll, however many pods. */
async function awaitNamespace(fleet: FleetContext, namespace: string, names: readonly string[]): Promise<FleetAgent[]> {
  const { podReadyMs, podPollMs } = timeoutsOf(fleet);
  const started = performance.now();
  const gathering = new Gathering(fleet, names);
  for (;;) {
    const pods = await listPods(fleet.kube, namespace, `ordeal.dev/run=${fleet.runId}`);
    gathering.look(pods);
    if (gathering.missing.length === 0) return gathering.agents();
    const waitedMs = performance.now() - started;
    const lost = gathering.missing.find((name) => waitedMs > podReadyMs || hopeless(pods.get(name)));
    if (lost !== undefined) {
      await gathering.letGo();
      throw await podTrouble(fleet.kube, { namespace, name: lost }, pods.get(lost), waitedMs);
    }
    await pause(Math.max(podPollMs, waitedMs * shareOfWait), undefined, { signal: fleet.signal });
  }
}

const hopeless = (pod: Pod | undefined) => pod !== undefined && isHopeless(pod);

/** Its rejection is read later, with the others'; until then it must not end the process. */
function holdRejection<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/**
 * Creates the pods concurrently and resolves, in the order of `specs`, once each is Ready and its control channel
 * answers. Throws OrdealError `AGENT` naming the pod, its phase, container states and last event, or `KUBE_API` when
 * a pod is not admitted. Pods stay; they die with their namespace.
 */
export async function startAgents(fleet: FleetContext, specs: readonly AgentPodSpec[]): Promise<FleetAgent[]> {
  const namespaces = [...new Set(specs.map(({ namespace }) => namespace))];
  const context = await podContext(fleet);
  await inTurns(namespaces, requestsAtOnce, (namespace) => provideBundle(fleet, namespace));
  await inTurns(specs, requestsAtOnce, (spec) => fleet.kube.create(podManifest(spec, context)));
  const groups = namespaces.map(async (namespace) => {
    const names = specs.filter((spec) => spec.namespace === namespace).map(({ name }) => name);
    return awaitNamespace(fleet, namespace, names);
  });
  const agents = (await Promise.all(groups)).flat();
  const byKey = new Map(agents.map((agent) => [`${agent.namespace}/${agent.name}`, agent]));
  return specs.map(({ namespace, name }) => byKey.get(`${namespace}/${name}`)).filter((agent) => agent !== undefined);
}

/**
 * Returns the agent of a pod someone else created from `agentPodTemplate`, once it is Ready and answers. Throws
 * OrdealError `AGENT` like `startAgents`.
 */
export async function adopt(fleet: FleetContext, ref: { namespace: string; name: string }): Promise<FleetAgent> {
  const [agent] = await awaitNamespace(fleet, ref.namespace, [ref.name]);
  if (agent === undefined) throw new OrdealError('AGENT', `probe pod ${ref.namespace}/${ref.name} was not found`);
  return agent;
}
