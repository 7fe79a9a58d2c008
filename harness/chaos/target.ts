import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import type { Targets } from '../fault/driver.ts';
import type { Kube, KubeObject } from '../kube/types.ts';

/** Namespaces whose pods a cluster cannot do without. */
export const protectedNamespaces: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease'];

export interface TargetOptions {
  /** Protected namespaces that may be hit all the same. */
  readonly allowed: readonly string[];
  /** Chooses among the pods that match; all where absent. */
  readonly pick?: <T>(pods: readonly T[]) => readonly T[];
}

const forms: Record<Targets, string> = {
  pods: 'NAMESPACE/POD, or NAMESPACE:[LABEL=VALUE,...] for all that match',
  pod: 'NAMESPACE/POD, or NAMESPACE:LABEL=VALUE[,...] that matches one',
  node: 'the name of a node',
  workload: 'NAMESPACE/NAME',
  none: 'no --target; name it with --set',
};

/** Returns how `--target` is written for a kind of fault. */
export function targetForm(targets: Targets): string {
  return forms[targets];
}

/**
 * Returns the parameters of a fault that `--target` stands for, after a look at the cluster.
 * @throws OrdealError USAGE for text of another form, a protected namespace, or a target that matches nothing.
 */
export async function resolveTarget(
  kube: Kube,
  targets: Targets,
  text: string | undefined,
  { allowed, pick = (pods) => pods }: TargetOptions,
): Promise<Record<string, unknown>> {
  if (targets === 'none') {
    if (text === undefined) return {};
    throw new OrdealError('USAGE', `--target ${text}: this fault takes ${forms.none}`);
  }
  if (text === undefined) throw new OrdealError('USAGE', `--target is missing: ${forms[targets]}`);
  if (targets === 'node') return { node: text };
  const { namespace, name, selector } = parsePods(text, targets);
  refuseProtected(namespace, allowed);
  if (targets === 'workload') return { namespace, name: name ?? '' };
  const found = pick(await podsOf(kube, { namespace, name, selector }));
  if (found.length === 0) throw new OrdealError('USAGE', `--target ${text}: no running pod matches`);
  if (targets === 'pods') return { pods: found.map((one) => ({ namespace, name: one.metadata.name })) };
  const [only, ...more] = found;
  if (more.length > 0)
    throw new OrdealError('USAGE', `--target ${text}: ${found.length} pods match; this fault takes one`);
  return { namespace, name: only?.metadata.name, uid: only?.metadata.uid };
}

function parsePods(text: string, targets: Targets) {
  const [, namespace, mark, rest] = /^([a-z0-9-]+)([/:])(\S*)$/.exec(text) ?? [];
  const isName = mark === '/';
  if (namespace === undefined || rest === undefined || (isName ? rest === '' : targets === 'workload')) {
    throw new OrdealError('USAGE', `--target ${text}: write ${forms[targets]}`);
  }
  return { namespace, ...(isName ? { name: rest, selector: undefined } : { name: undefined, selector: rest }) };
}

function refuseProtected(namespace: string, allowed: readonly string[]): void {
  if (!protectedNamespaces.includes(namespace) || allowed.includes(namespace)) return;
  throw new OrdealError('USAGE', `namespace ${namespace} is protected: the cluster cannot do without what runs there`, {
    remedy: `If that is what you want to see: --allow-namespace ${namespace}.`,
  });
}

const Phase = z.looseObject({ phase: z.string().optional() });
const runs = ({ metadata, status }: KubeObject) =>
  metadata.deletionTimestamp === undefined && Phase.safeParse(status).data?.phase === 'Running';

async function podsOf(
  kube: Kube,
  { namespace, name, selector }: { namespace: string; name: string | undefined; selector: string | undefined },
): Promise<KubeObject[]> {
  const pods =
    name === undefined
      ? await kube.list({
          apiVersion: 'v1',
          kind: 'Pod',
          namespace,
          labelSelector: selector === '' ? undefined : selector,
        })
      : [await kube.get({ apiVersion: 'v1', kind: 'Pod', namespace, name })];
  return pods.flatMap((pod) => (pod !== undefined && runs(pod) ? [pod] : []));
}

/** The parameters that `--target` stands for. */
export const targetParams: Record<Targets, readonly string[]> = {
  pods: ['pods'],
  pod: ['namespace', 'name', 'uid'],
  node: ['node'],
  workload: ['namespace', 'name'],
  none: [],
};

const Addresses = z.looseObject({ podIPs: z.array(z.looseObject({ ip: z.string() })).default([]) });

/**
 * Returns the addresses of the pods that NAMESPACE/POD or NAMESPACE:LABEL=VALUE names, for the filter of a fault.
 * @throws OrdealError USAGE for text of another form, or where no running pod matches.
 */
export async function addressesOf(kube: Kube, text: string): Promise<string[]> {
  const pods = await podsOf(kube, parsePods(text, 'pods'));
  const ips = pods.flatMap(({ status }) => Addresses.parse(status ?? {}).podIPs.map(({ ip }) => ip));
  if (ips.length === 0) throw new OrdealError('USAGE', `peers ${text}: no running pod matches`);
  return ips;
}
