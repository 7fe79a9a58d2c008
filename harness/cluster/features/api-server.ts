import { z } from 'zod';
import { isAllowed } from '../access.ts';
import { unlessAbsent } from '../read-if-allowed.ts';
import type { Feature } from '../../../clusters/names.ts';
import { seen, type Detector, type DetectionContext } from './types.ts';

/** What the list of nodes and the address ranges say. */
export const topology: Detector = {
  features: ['MultiNode', 'IPv6', 'DualStack'],
  rights: [],
  detect: ({ facts }) => {
    const hosts = facts.nodes.filter(({ schedulable }) => schedulable).map(({ name }) => name);
    const ranges = facts.podCidrs.length > 0 ? facts.podCidrs : facts.nodes.flatMap(({ ips }) => ips);
    const six = ranges.some((range) => range.includes(':'));
    const four = ranges.some((range) => range.includes('.'));
    const said = `pods get addresses of ${ranges.join(', ') || 'an unknown range'}`;
    return Promise.resolve([
      seen('MultiNode', hosts.length > 1, `${hosts.length} schedulable node(s): ${hosts.join(', ')}`),
      seen('IPv6', six, said),
      seen('DualStack', six && four, said),
    ]);
  },
};

const Groups = z.looseObject({ resources: z.array(z.looseObject({ kind: z.string() })).default([]) });
const policyGroups = ['policy.networking.k8s.io/v1alpha1', 'policy.networking.k8s.io/v1alpha2'];
const policyKinds: readonly Feature[] = ['AdminNetworkPolicy', 'ClusterNetworkPolicy'];

/** Policies of administrators exist where somebody installed their definitions; whether they act is for the cases. */
export const apis: Detector = {
  features: policyKinds,
  rights: [],
  detect: async ({ kube }) => {
    const lists = await Promise.all(policyGroups.map((group) => unlessAbsent(kube.raw(`/apis/${group}`))));
    const kinds = lists.flatMap((list) => Groups.safeParse(list).data?.resources ?? []).map(({ kind }) => kind);
    return policyKinds.map((kind) => {
      const served = kinds.includes(kind);
      return seen(kind, served, `the API server ${served ? 'serves' : 'does not serve'} ${kind}`);
    });
  },
};

/** Cases that stop CoreDNS or kube-proxy change workloads of kube-system. */
export const rights: Detector = {
  features: ['WorkloadAdmin'],
  rights: [],
  detect: async ({ kube }: DetectionContext) => {
    const wanted = ['deployments', 'daemonsets'].map((resource) => ({
      ...{ verb: 'patch' as const, group: 'apps', resource, namespace: 'kube-system' },
    }));
    const denied = [];
    for (const right of wanted) if (!(await isAllowed(kube, right))) denied.push(right.resource);
    const said = denied.length === 0 ? 'workloads of kube-system may be patched' : `may not patch ${denied.join(', ')}`;
    return [seen('WorkloadAdmin', denied.length === 0, said)];
  },
};
