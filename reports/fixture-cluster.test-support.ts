import type { Emit } from '../harness/events/types.ts';

/** Returns the event that describes an invented cluster. */
export function inventedCluster({
  cni = 'calico',
  cniVersion = 'v3.28.5',
}: {
  cni?: string;
  cniVersion?: string;
}): Parameters<Emit>[0] {
  const node = (name: string, role: string, zone: string) => ({ name, role, kernel: '6.18.44', zone });
  const nodes = [node('cp', 'control-plane', 'a'), node('worker', 'worker', 'a'), node('worker2', 'worker', 'b')];
  const cluster = {
    name: 'ordeal-1',
    provider: 'kind',
    kubernetes: 'v1.36.3',
    cni,
    cniVersion,
    mesh: 'none',
    meshVersion: '',
    nodes,
  };
  const features = [
    {
      feature: 'NetworkPolicy',
      observed: true,
      declared: true,
      evidence: 'a default-deny policy dropped a probe after 210 ms',
    },
    {
      feature: 'SCTP',
      observed: false,
      declared: 'unknown' as const,
      evidence: 'kernel has no sctp: socket() says EPROTONOSUPPORT',
    },
    { feature: 'Mesh', observed: false, declared: false, evidence: 'no mesh was installed (--mesh none)' },
  ];
  const images = { 'registry.k8s.io/pause:3.10': 'sha256:0f1e2d', 'calico/node:v3.28.5': 'sha256:3c4b5a' };
  return {
    type: 'cluster',
    id: cluster.name,
    host: { os: 'Linux 6.18.44', cpus: '2', memory: '24 GiB' },
    cluster,
    features,
    images,
  };
}
