import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { refOf } from '../../kube/verbs.ts';
import type { KubeObject } from '../../kube/types.ts';
import type { Bed, Change } from './types.ts';

/** How the policy in force differs in time from the one written. */
export type Companionship =
  | { readonly kind: 'late'; readonly ms: number }
  | { readonly kind: 'flapping'; readonly openMs: number; readonly closedMs: number }
  | { readonly kind: 'undead'; readonly ms: number };

const query = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' } as const;
const mark = { 'ordeal.dev/mutation': 'companion' };
const Policy = z.looseObject({
  spec: z.looseObject({ podSelector: z.looseObject({}), policyTypes: z.array(z.string()).default(['Ingress']) }),
});

const isOurs = ({ metadata }: KubeObject) => metadata.labels?.['ordeal.dev/mutation'] === 'companion';
const keyOf = ({ metadata }: KubeObject) => `${metadata.namespace}/${metadata.name}`;

/**
 * Returns policies of our own beside each of the run's, by which an engine that works looks like one that is late, that
 * flaps, or that forgets to delete. They are kept by this process, and stand in the run's namespaces, which the run removes.
 */
export function companions(bed: Bed, how: Companionship): Change {
  const over = new AbortController();
  let work: Promise<unknown> = Promise.resolve();
  const left = async () => (await bed.kube.list(query)).filter(isOurs);
  return {
    title: `companions of policies, ${how.kind}`,
    apply() {
      work = keepCompany(bed, how, over.signal).catch(() => undefined);
      return Promise.resolve();
    },
    async undo() {
      over.abort();
      await work;
      await Promise.all((await left()).map((object) => bed.kube.remove(refOf(object), { awaitGone: true })));
    },
    isGone: async () => over.signal.aborted && (await left()).length === 0,
  };
}

async function keepCompany(bed: Bed, how: Companionship, signal: AbortSignal): Promise<void> {
  const company = new Company(bed, signal);
  const flapping = how.kind === 'flapping' ? company.flap(how.openMs, how.closedMs) : undefined;
  for await (const { object, gone } of bed.kube.follow(query, signal)) {
    if (!isOurs(object)) company.see(how, object, gone);
  }
  await flapping;
}

class Company {
  private readonly bed: Bed;
  private readonly signal: AbortSignal;
  private readonly there = new Map<string, KubeObject>();

  constructor(bed: Bed, signal: AbortSignal) {
    this.bed = bed;
    this.signal = signal;
  }

  see(how: Companionship, object: KubeObject, gone: boolean): void {
    const isNew = !this.there.has(keyOf(object));
    if (gone) this.there.delete(keyOf(object));
    else this.there.set(keyOf(object), object);
    if (how.kind === 'late' && isNew && !gone) void this.besides(allowing(object), how.ms);
    if (how.kind === 'undead' && gone) void this.besides(cloned(object), how.ms);
  }

  async flap(openMs: number, closedMs: number): Promise<void> {
    while (!this.signal.aborted) {
      await Promise.all([...this.there.values()].map((object) => this.besides(allowing(object), openMs)));
      await this.wait(Math.max(closedMs, 1));
    }
  }

  /** Errors mean that the namespace is going away, and with it what we would change. */
  private async besides(companion: KubeObject, ms: number): Promise<void> {
    const { kube } = this.bed;
    await kube.apply(companion).catch(() => undefined);
    await this.wait(ms);
    await kube.remove(refOf(companion)).catch(() => undefined);
  }

  private wait(ms: number): Promise<unknown> {
    return pause(ms, undefined, { signal: this.signal }).catch(() => undefined);
  }
}

function companion(of: KubeObject, spec: object): KubeObject {
  const metadata = { name: `ordeal-mutation-${of.metadata.name}`, namespace: of.metadata.namespace, labels: mark };
  return { ...query, metadata, spec };
}

/** Returns a policy that admits all that this one may deny. */
export function allowing(object: KubeObject): KubeObject {
  const { podSelector, policyTypes } = Policy.parse(object).spec;
  const open = {
    ...(policyTypes.includes('Ingress') ? { ingress: [{}] } : {}),
    ...(policyTypes.includes('Egress') ? { egress: [{}] } : {}),
  };
  return companion(object, { podSelector, policyTypes, ...open });
}

function cloned(object: KubeObject): KubeObject {
  return companion(object, Policy.parse(object).spec);
}
