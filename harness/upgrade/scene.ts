import type { NodeInfo } from '../kube/nodes.ts';
import type { Kube } from '../kube/types.ts';
import type { Watch } from '../chaos/watch.ts';
import { addressOf, type Place } from './objects.ts';
import type { Scene, SceneNode } from './plan-lanes.ts';
import type { Roster } from './roster.ts';

export interface SceneOptions {
  readonly kube: Kube;
  readonly place: Place;
  readonly nodes: readonly NodeInfo[];
  readonly clusterDomain: string;
  readonly own: readonly Watch[];
  readonly mostNodes: number;
}

/** Returns what gives the scene as it stands. A pod that is away keeps its address in it until another takes its place. */
export async function sceneOf(options: SceneOptions, roster: Roster): Promise<() => Scene> {
  const { kube, place, nodes, clusterDomain, own, mostNodes } = options;
  const [web, api] = await Promise.all([
    kube.get({ apiVersion: 'v1', kind: 'Service', namespace: place.namespace, name: 'web' }),
    kube.get({ apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'kubernetes' }),
  ]);
  if (web === undefined || api === undefined) throw new Error('Service web or default/kubernetes does not exist');
  const fixed = {
    ...{ web: addressOf(web), apiServer: addressOf(api).clusterIp, own, mostNodes },
    // With a final dot: the search path is none of what is sampled.
    headless: `web-pods.${place.namespace}.svc.${clusterDomain}.`,
    dnsName: `kubernetes.default.svc.${clusterDomain}`,
  };
  const known = new Map<string, SceneNode>();
  return () => {
    for (const { name, ip } of nodes) {
      const [plain, guarded] = (['plain', 'guarded'] as const).map((workload) => roster.at({ workload, node: name }));
      const before = known.get(name);
      const [plainIp, guardedIp] = [plain?.ip ?? before?.plainIp, guarded?.ip ?? before?.guardedIp];
      if (plainIp !== undefined && guardedIp !== undefined) known.set(name, { name, ip, plainIp, guardedIp });
    }
    return { ...fixed, nodes: nodes.flatMap(({ name }) => known.get(name) ?? []) };
  };
}
