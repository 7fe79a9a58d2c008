import type { KubeObject } from '../../harness/kube/types.ts';
import { calico as component } from '../components/calico.ts';
import { isObject, mapContainers, withEnv } from '../manifest.ts';
import { cidrOf, type RenderContext } from '../render.ts';
import { editConfig } from '../config-map.ts';
import type { Cni, WorkloadRef } from '../product.ts';

const agent: WorkloadRef = { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kube-system', name: 'calico-node' };

/**
 * Settings of the node agent. VXLAN is always on, so that traffic between nodes is encapsulated as it is in clusters
 * that span subnets. Refresh intervals stay upstream's: shortening them would hide what a fault does to the dataplane.
 */
function agentSettings({ podCidrs }: RenderContext): Record<string, string> {
  const [v4, v6] = [cidrOf(podCidrs, 4), cidrOf(podCidrs, 6)];
  return {
    CLUSTER_TYPE: 'k8s',
    IP: v4 === undefined ? 'none' : 'autodetect',
    IP_AUTODETECTION_METHOD: 'kubernetes-internal-ip',
    CALICO_IPV4POOL_VXLAN: 'Always',
    ...(v4 && { CALICO_IPV4POOL_CIDR: v4 }),
    ...(v6 && {
      IP6: 'autodetect',
      IP6_AUTODETECTION_METHOD: 'kubernetes-internal-ip',
      CALICO_IPV6POOL_CIDR: v6,
      CALICO_IPV6POOL_VXLAN: 'Always',
      CALICO_IPV6POOL_NAT_OUTGOING: 'true',
      FELIX_IPV6SUPPORT: 'true',
    }),
    FELIX_IPINIPENABLED: 'false',
    FELIX_BPFENABLED: 'false',
    FELIX_XDPENABLED: 'false',
    // The default reports the cluster to the vendor over the internet.
    FELIX_USAGEREPORTINGENABLED: 'false',
  };
}

/** Inner Ethernet, VXLAN, UDP and outer IP headers. */
const overhead = { ipv4: 50, ipv6: 70 };

const assignBoth = { assign_ipv4: 'true', assign_ipv6: 'true' };

function override(object: KubeObject, context: RenderContext): KubeObject {
  if (isObject(object, 'ConfigMap', 'calico-config')) return network(object, context);
  if (!isObject(object, 'DaemonSet', agent.name)) return object;
  return mapContainers(object, (container) =>
    container.name === agent.name ? withEnv(container, agentSettings(context)) : container,
  );
}

/**
 * Upstream lets Felix find the MTU, but a pod that starts before Felix wrote it down keeps the node's 1500 for good:
 * where the node's MTU is known, the pods' is set from the start.
 */
function network(object: KubeObject, { podCidrs, nodeMtu }: RenderContext): KubeObject {
  const dual = cidrOf(podCidrs, 6) !== undefined;
  const around = dual ? overhead.ipv6 : overhead.ipv4;
  const sized = nodeMtu === undefined ? object : editConfig(object, 'veth_mtu', () => String(nodeMtu - around));
  if (!dual) return sized;
  return editConfig(sized, 'cni_network_config', (text) =>
    text.replace('"type": "calico-ipam"', `"type": "calico-ipam", ${JSON.stringify(assignBoth).slice(1, -1)}`),
  );
}

/** Calico: VXLAN, iptables dataplane, no BGP; its policy engine is the reference for NetworkPolicy v1. */
export const product: Cni = {
  kind: 'cni',
  name: 'calico',
  title: 'Calico',
  version: component.version,
  components: [component],
  podCidr: '10.244.0.0/16',
  kubeProxyMode: 'iptables',
  provides: {
    NetworkPolicy: true,
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
        from: 'file',
        component: 'calico',
        module: 'github.com/projectcalico/calico',
        path: 'manifests/calico-vxlan.yaml',
      },
      override,
    },
  ],
  readiness: [
    agent,
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'kube-system', name: 'calico-kube-controllers' },
  ],
  agent: {
    workload: agent,
    podSelector: 'k8s-app=calico-node',
    container: 'calico-node',
    process: 'calico-node -felix',
    command: 'calico-node',
    health: 'http://127.0.0.1:9099/liveness',
  },
  recognise: { kind: 'DaemonSet', workload: /^calico-node$/, container: /calico-node/ },
  traits: { tunnel: 'vxlan.calico', usesNodeRouting: true },
  kernel: [
    { option: 'CONFIG_VXLAN', why: 'pod traffic between nodes' },
    { option: 'CONFIG_IP_SET_HASH_NET', why: 'Felix keeps policy peers in ipsets' },
    { option: 'CONFIG_NETFILTER_XT_SET', why: 'iptables rules match those ipsets' },
  ],
};
