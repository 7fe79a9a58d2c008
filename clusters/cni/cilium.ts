import { cilium as component } from '../components/cilium.ts';
import { helm } from '../components/helm.ts';
import { cidrOf, type ChartValues, type RenderContext } from '../render.ts';
import type { Cni, WorkloadRef } from '../product.ts';

const agent: WorkloadRef = { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kube-system', name: 'cilium' };

/**
 * kube-proxy stays, VXLAN between nodes, host ports by the portmap plugin chained behind Cilium. Envoy, Hubble and the
 * health mesh are off: Cilium's Envoy is a patched build that no package registry carries, so L7 rules are not offered.
 */
function values({ podCidrs, pullPolicy }: RenderContext): ChartValues {
  return {
    image: { useDigest: false, pullPolicy },
    operator: { replicas: 1, image: { useDigest: false, pullPolicy } },
    ipam: { mode: 'kubernetes' },
    ipv4: { enabled: cidrOf(podCidrs, 4) !== undefined },
    ipv6: { enabled: cidrOf(podCidrs, 6) !== undefined },
    routingMode: 'tunnel',
    tunnelProtocol: 'vxlan',
    kubeProxyReplacement: 'false',
    socketLB: { enabled: false },
    bpf: { masquerade: false, datapathMode: 'veth' },
    bandwidthManager: { enabled: false },
    l7Proxy: false,
    envoy: { enabled: false },
    hubble: { enabled: false },
    healthChecking: false,
    endpointHealthChecking: { enabled: false },
    // The chart's capability list names SYS_RESOURCE, which runc cannot grant on hosts that lack it themselves.
    securityContext: { privileged: true },
    cni: { exclusive: true, chainingMode: 'portmap' },
    sysctlfix: { enabled: false },
    // By default one pod in two seconds and node, more when it finds the node fast: a grid would wait for that.
    apiRateLimit: 'endpoint-create=auto-adjust:false,rate-limit:20/s,rate-burst:40,parallel-requests:4',
  };
}

/** Cilium: eBPF datapath compiled on the node, identity-based policy. */
export const product: Cni = {
  kind: 'cni',
  name: 'cilium',
  title: 'Cilium',
  version: component.version,
  components: [component, helm],
  podCidr: '10.244.0.0/16',
  kubeProxyMode: 'iptables',
  provides: {
    NetworkPolicy: true,
    SCTP: false,
    KubeProxy: true,
    Hairpin: true,
    NodePort: true,
    HostPort: true,
    AdminNetworkPolicy: false,
    ClusterNetworkPolicy: false,
  },
  install: [
    {
      source: {
        from: 'chart',
        component: 'cilium',
        module: 'github.com/cilium/cilium',
        path: 'install/kubernetes/cilium',
        release: 'cilium',
        namespace: 'kube-system',
      },
      values,
    },
  ],
  readiness: [agent, { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'kube-system', name: 'cilium-operator' }],
  agent: {
    workload: agent,
    podSelector: 'k8s-app=cilium',
    container: 'cilium-agent',
    process: 'cilium-agent',
    command: 'cilium-agent',
    health: 'http://127.0.0.1:9879/healthz',
  },
  recognise: { kind: 'DaemonSet', workload: /^cilium$/, container: /cilium-agent/ },
  // A random wait of up to 30 s before a new label is read, and identity-change-grace-period.
  traits: { delaysLabelChanges: true, tunnel: 'cilium_vxlan' },
  kernel: [
    { option: 'CONFIG_BPF_SYSCALL', why: 'the datapath' },
    { option: 'CONFIG_BPF_JIT', why: 'the datapath' },
    { option: 'CONFIG_NET_CLS_BPF', why: 'programs attach to pod interfaces' },
    { option: 'CONFIG_NET_SCH_INGRESS', why: 'programs attach to pod interfaces' },
    { option: 'CONFIG_CGROUP_BPF', why: 'agent requirement' },
    { option: 'CONFIG_PERF_EVENTS', why: 'agent requirement' },
    { option: 'CONFIG_DEBUG_INFO_BTF', why: 'programs are relocated against the running kernel' },
    { option: 'CONFIG_VXLAN', why: 'pod traffic between nodes' },
    { option: 'CONFIG_IP_SET_HASH_IP', why: 'masquerading by iptables' },
  ],
};
