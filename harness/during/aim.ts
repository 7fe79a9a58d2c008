import { z } from 'zod';
import { findCni } from '../../clusters/index.ts';
import { SkipError } from '../base/errors.ts';
import type { CaseContext } from '../case/types.ts';
import { probeEffect } from '../fault/effect.ts';
import type { MeasureEffect } from '../fault/types.ts';
import type { ObjectRef } from '../kube/types.ts';
import type { DuringFault } from './fault-text.ts';
import { type Impact, noImpact, podName } from './impact.ts';
import type { AreaBed, Lane } from './types.ts';

/** A fault with what it acts on here. */
export interface AimedFault {
  readonly params: Record<string, unknown>;
  readonly impact: Impact;
  /** Where the driver cannot see by itself whether it acts. */
  readonly effect?: MeasureEffect;
  /** What must be whole again after it. */
  readonly workload?: ObjectRef;
  /** Nothing is taken back: what recovers does so by itself, from the injection on. */
  readonly lasting?: true;
}

type Beds = readonly AreaBed[];
const lasting = true;

/** Returns what a fault is to act on. @throws SkipError where this cluster has nothing of the kind. */
export async function aimFault(ctx: CaseContext, fault: DuringFault, beds: Beds): Promise<AimedFault> {
  const { settings, driver } = fault;
  switch (fault.aim) {
    case 'pods':
      return atPods(fault, victimsOf(beds));
    case 'node': {
      const node = victimsOf(beds)[0]?.node ?? '';
      return { params: { ...settings, node }, impact: noImpact };
    }
    case 'nodes':
      return betweenNodes(settings, crossing(beds));
    case 'coredns':
      return atCoreDns(ctx, fault);
    case 'cni-agent':
      return driver.targets === 'pod' ? killAgent(ctx, settings, beds) : nothingHere(fault);
  }
}

function nothingHere({ text }: DuringFault): never {
  throw new SkipError(`${text}: nothing here that it could act on`);
}

function victimsOf(beds: Beds) {
  const victims = beds.flatMap(({ victim }) => victim ?? []);
  if (victims.length === 0) throw new SkipError('needs pods of the run to act on; found: none');
  return [...new Map(victims.map((one) => [podName(one), one])).values()];
}

function atPods({ settings, driver }: DuringFault, victims: ReturnType<typeof victimsOf>): AimedFault {
  const pods = victims.map(({ namespace, name }) => ({ namespace, name }));
  const areas = driver.name === 'dns' ? { areas: new Set(['dns']) } : {};
  return { params: { ...settings, pods }, impact: { pods: new Set(victims.map(podName)), ...areas } };
}

/** Returns traffic that goes from one node to another. @throws SkipError on a cluster with pods on one node only. */
function crossing(beds: Beds): { readonly lane: Lane; readonly to: string } {
  for (const lane of beds.flatMap(({ lanes }) => lanes)) {
    const [from, to, ...more] = lane.ends;
    if (lane.denied || lane.probe.kind !== 'tcp' || to === undefined || more.length > 0) continue;
    if (to.node !== from?.node) return { lane, to: to.node };
  }
  throw new SkipError('needs pods on two nodes that reach each other; found: none');
}

function betweenNodes(settings: DuringFault['settings'], { lane, to }: ReturnType<typeof crossing>): AimedFault {
  const from = lane.from.node;
  const effect = probeEffect(lane.from, lane.probe);
  return { params: { ...settings, from, to }, impact: { between: [from, to] }, effect };
}

const coreDns = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'kube-system', name: 'coredns' } as const;
const dnsSelector = 'k8s-app=kube-dns';

async function atCoreDns(ctx: CaseContext, { driver, settings }: DuringFault): Promise<AimedFault> {
  const pods = await podsOf(ctx, coreDns.namespace, dnsSelector);
  const [first] = pods;
  if (first === undefined) throw new SkipError(`needs pods ${dnsSelector} in ${coreDns.namespace}; found: none`);
  const impact = { pods: new Set(pods.map(podName)) };
  if (driver.targets === 'pods') return { params: { ...settings, pods: pods.map(plainName) }, impact };
  if (driver.targets === 'pod') return { params: { ...settings, ...first }, impact, workload: coreDns, lasting };
  return { params: { ...settings, namespace: coreDns.namespace, name: coreDns.name }, impact, workload: coreDns };
}

const plainName = ({ namespace, name }: { namespace: string; name: string }) => ({ namespace, name });

async function killAgent(ctx: CaseContext, settings: DuringFault['settings'], beds: Beds): Promise<AimedFault> {
  const node = victimsOf(beds)[0]?.node;
  const agent = findCni(ctx.cluster.info.cni)?.agent;
  const namespace = agent?.workload.namespace;
  if (agent === undefined || namespace === undefined) {
    throw new SkipError(`needs a CNI whose agent is known; found: ${ctx.cluster.info.cni}`);
  }
  const pod = (await podsOf(ctx, namespace, agent.podSelector)).find((one) => one.on === node);
  if (pod === undefined) throw new SkipError(`needs a pod ${agent.podSelector} on ${node ?? 'a node'}; found: none`);
  const { name, uid } = pod;
  return { params: { ...settings, namespace, name, uid }, impact: noImpact, workload: agent.workload, lasting };
}

const Pod = z.looseObject({
  metadata: z.looseObject({ name: z.string(), uid: z.string(), deletionTimestamp: z.string().optional() }),
  spec: z.looseObject({ nodeName: z.string().optional() }),
});

async function podsOf({ kube }: CaseContext, namespace: string, labelSelector: string) {
  const pods = (await kube.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector })).map((pod) =>
    Pod.parse(pod),
  );
  return pods
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata: { name, uid }, spec }) => ({ namespace, name, uid, on: spec.nodeName }));
}
