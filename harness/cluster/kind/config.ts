import { stringify } from 'yaml';

/** The nodes and networks of one kind cluster. */
export interface Topology {
  readonly nodeImage: string;
  readonly workers: number;
  readonly zones: number;
  readonly podCidrs: readonly string[];
  readonly serviceCidrs: readonly string[];
  readonly kubeProxyMode: 'iptables' | 'nftables' | 'none';
}

const zoneLabel = 'topology.kubernetes.io/zone';

/** Kubelet of 1.35 and later refuses hosts with cgroup v1 unless told not to; kind does not tell it. */
const kubeletPatch = stringify({ kind: 'KubeletConfiguration', failCgroupV1: false });

/** Where CAP_SYS_RESOURCE is missing, runc cannot lower a score as static pods ask for; elsewhere this is harmless. */
const containerdPatch = `[plugins."io.containerd.grpc.v1.cri"]
  restrict_oom_score_adj = true
`;

/** Returns the configuration `kind create cluster` is given. */
export function kindConfig(topology: Topology): string {
  return stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    networking: {
      disableDefaultCNI: true,
      ipFamily: ipFamily(topology.podCidrs),
      podSubnet: topology.podCidrs.join(','),
      serviceSubnet: topology.serviceCidrs.join(','),
      kubeProxyMode: topology.kubeProxyMode,
    },
    kubeadmConfigPatches: [kubeletPatch],
    containerdConfigPatches: [containerdPatch],
    nodes: nodes(topology),
  });
}

function ipFamily(cidrs: readonly string[]): 'ipv4' | 'ipv6' | 'dual' {
  const six = cidrs.filter((cidr) => cidr.includes(':')).length;
  if (six === 0) return 'ipv4';
  return six === cidrs.length ? 'ipv6' : 'dual';
}

/** Beside one worker the control plane takes pods too, as kind has it without workers: paths between nodes need two. */
const untaintedPatch = stringify({ kind: 'InitConfiguration', nodeRegistration: { taints: [] } });

/** Zones go round over the nodes that take pods, so that each zone has some. */
function nodes({ nodeImage, workers, zones }: Topology): object[] {
  const zoneOf = (index: number) => ({ [zoneLabel]: `zone-${(index % zones) + 1}` });
  const pair = workers === 1;
  const worker = (_: unknown, index: number) => ({
    role: 'worker',
    image: nodeImage,
    labels: zoneOf(pair ? index + 1 : index),
  });
  const open = pair ? { kubeadmConfigPatches: [untaintedPatch] } : {};
  const control = { role: 'control-plane', image: nodeImage, labels: zoneOf(0), ...open };
  return [control, ...Array.from({ length: workers }, worker)];
}
