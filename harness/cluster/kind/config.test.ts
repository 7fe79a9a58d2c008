import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';
import { kindConfig, type Topology } from './config.ts';

const Config = z.looseObject({
  networking: z.record(z.string(), z.unknown()),
  kubeadmConfigPatches: z.array(z.string()),
  containerdConfigPatches: z.array(z.string()),
  nodes: z.array(
    z.looseObject({
      role: z.string(),
      image: z.string(),
      labels: z.record(z.string(), z.string()),
      kubeadmConfigPatches: z.array(z.string()).default([]),
    }),
  ),
});
const topology: Topology = {
  nodeImage: 'node:1',
  workers: 3,
  zones: 2,
  podCidrs: ['10.244.0.0/16'],
  serviceCidrs: ['10.96.0.0/16'],
  kubeProxyMode: 'iptables',
};
const config = (change: Partial<Topology> = {}) => Config.parse(parse(kindConfig({ ...topology, ...change })));

describe('kindConfig', () => {
  it('leaves the network to us and lets the kubelet start on cgroup v1', () => {
    const { networking, kubeadmConfigPatches, containerdConfigPatches } = config();
    expect(networking).include({ disableDefaultCNI: true, ipFamily: 'ipv4', podSubnet: '10.244.0.0/16' });
    expect(parse(kubeadmConfigPatches[0] ?? '')).deep.equal({ kind: 'KubeletConfiguration', failCgroupV1: false });
    expect(containerdConfigPatches[0]).include('restrict_oom_score_adj = true');
  });

  it('spreads workers over the zones in turn', () => {
    const zones = config().nodes.map(({ role, labels }) => [role, labels['topology.kubernetes.io/zone']]);
    expect(zones).deep.equal([
      ['control-plane', 'zone-1'],
      ['worker', 'zone-1'],
      ['worker', 'zone-2'],
      ['worker', 'zone-1'],
    ]);
  });

  it('is dual-stack when given ranges of both families', () => {
    const { networking } = config({ podCidrs: ['10.244.0.0/16', 'fd00:10:244::/56'] });
    expect(networking).include({ ipFamily: 'dual', podSubnet: '10.244.0.0/16,fd00:10:244::/56' });
  });

  it('is one node without workers', () => {
    expect(config({ workers: 0 }).nodes).length(1);
  });

  it('lets the control plane take pods beside a single worker, each in a zone of its own', () => {
    const patches = (workers: number) => config({ workers }).nodes.map((node) => node.kubeadmConfigPatches.length);
    expect(patches(1)).deep.equal([1, 0]);
    expect(patches(2)).deep.equal([0, 0, 0]);
    const [control, worker] = config({ workers: 1 }).nodes;
    expect(parse(control?.kubeadmConfigPatches[0] ?? '')).deep.include({ nodeRegistration: { taints: [] } });
    expect([control, worker].map((node) => node?.labels['topology.kubernetes.io/zone'])).deep.equal([
      'zone-1',
      'zone-2',
    ]);
  });
});
