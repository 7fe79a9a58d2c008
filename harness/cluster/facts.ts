import { parse } from 'yaml';
import { z } from 'zod';
import type { Kube, KubeObject, ObjectRef } from '../kube/types.ts';
import { may } from '../kube/rights.ts';
import { detectCni, detectMesh } from './detect-network.ts';
import { cpusOf, listNodes, nodeInfo, podCidrsOf } from '../kube/nodes.ts';
import type { ClusterInfo } from './types.ts';
import { readIfAllowed } from './read-if-allowed.ts';

/** What is read of a cluster beyond its nodes. Without them a run goes on, and knows less. */
export const factRights = [
  ...may(['list'], 'daemonsets.apps'),
  ...may(['list'], 'deployments.apps'),
  ...may(['list'], 'servicecidrs.networking.k8s.io'),
  ...may(['list'], 'services', { namespace: 'kube-system' }),
  ...['kubeadm-config', 'coredns'].flatMap((name) => may(['get'], 'configmaps', { namespace: 'kube-system', name })),
];

/** What the API server alone tells of a cluster: everything but provider, name, features and images. */
export type ClusterFacts = Omit<ClusterInfo, 'name' | 'provider' | 'features' | 'images'>;

const Version = z.looseObject({ gitVersion: z.string() });
const Data = z.looseObject({ data: z.record(z.string(), z.string()).default({}) });
const Kubeadm = z.looseObject({
  networking: z.looseObject({
    podSubnet: z.string().optional(),
    serviceSubnet: z.string().optional(),
    dnsDomain: z.string().optional(),
  }),
});
const Service = z.looseObject({ spec: z.looseObject({ clusterIP: z.string().default('') }) });
const ServiceCidr = z.looseObject({ spec: z.looseObject({ cidrs: z.array(z.string()).default([]) }) });

/** Asks the API server for the facts. What may not be read or is not kept there is found another way or left empty. */
export async function readFacts(kube: Kube): Promise<ClusterFacts> {
  const [version, nodes, kubeadm, ranges, dns, corefile, cni, mesh] = await Promise.all([
    kube.raw('/version'),
    listNodes(kube),
    readKubeadm(kube),
    readServiceCidrs(kube),
    readDnsIp(kube),
    configMap(kube, 'coredns', 'Corefile'),
    detectCni(kube),
    detectMesh(kube),
  ]);
  const split = (list: string | undefined) => list?.split(',').filter((cidr) => cidr !== '');
  return {
    kubernetes: Version.parse(version).gitVersion,
    ...cni,
    ...mesh,
    podCidrs: split(kubeadm?.podSubnet) ?? podCidrsOf(nodes),
    serviceCidrs: split(kubeadm?.serviceSubnet) ?? ranges,
    clusterDomain: kubeadm?.dnsDomain ?? domainOf(corefile) ?? 'cluster.local',
    dnsIp: dns,
    nodes: nodes.map(nodeInfo),
    cpus: cpusOf(nodes),
  };
}

async function readKubeadm(kube: Kube): Promise<z.infer<typeof Kubeadm>['networking'] | undefined> {
  const text = await configMap(kube, 'kubeadm-config', 'ClusterConfiguration');
  if (text === undefined) return undefined;
  const parsed = Kubeadm.safeParse(parse(text));
  return parsed.success ? parsed.data.networking : undefined;
}

async function configMap(kube: Kube, name: string, key: string): Promise<string | undefined> {
  const object = await readable(kube, { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name });
  return object === undefined ? undefined : Data.parse(object).data[key];
}

/** ServiceCIDR objects exist since Kubernetes 1.33; before, the range is a flag of the API server nobody can read. */
async function readServiceCidrs(kube: Kube): Promise<string[]> {
  const objects = await readIfAllowed(kube.list({ apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR' }));
  return (objects ?? []).flatMap((object) => ServiceCidr.parse(object).spec.cidrs);
}

async function readDnsIp(kube: Kube): Promise<string> {
  const labelSelector = 'k8s-app=kube-dns';
  const query = { apiVersion: 'v1', kind: 'Service', namespace: 'kube-system', labelSelector };
  const services = (await readIfAllowed(kube.list(query))) ?? [];
  return services.map((service) => Service.parse(service).spec.clusterIP).find((ip) => ip !== 'None') ?? '';
}

function domainOf(corefile: string | undefined): string | undefined {
  return corefile === undefined ? undefined : /^\s*kubernetes\s+(\S+)/m.exec(corefile)?.[1]?.replace(/\.$/, '');
}

function readable(kube: Kube, ref: ObjectRef): Promise<KubeObject | undefined> {
  return readIfAllowed(kube.get(ref));
}
