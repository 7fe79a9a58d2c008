import { z } from 'zod';
import type { KubeObject } from '../../harness/kube/types.ts';
import { flannelCni } from '../components/flannel-cni.ts';
import { flannel as component } from '../components/flannel.ts';
import { isObject } from '../manifest.ts';
import { cidrOf, type RenderContext } from '../render.ts';
import { editConfig } from '../config-map.ts';
import type { Cni, WorkloadRef } from '../product.ts';

const agent: WorkloadRef = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  namespace: 'kube-flannel',
  name: 'kube-flannel-ds',
};

const NetConf = z.looseObject({ Network: z.string() });

/** `Network` must equal the range that the controller manager cuts node ranges from. */
function override(object: KubeObject, { podCidrs }: RenderContext): KubeObject {
  if (!isObject(object, 'ConfigMap', 'kube-flannel-cfg')) return object;
  const [v4, v6] = [cidrOf(podCidrs, 4), cidrOf(podCidrs, 6)];
  return editConfig(object, 'net-conf.json', (text) => {
    const before = NetConf.parse(JSON.parse(text));
    const families = {
      ...(v4 === undefined ? { EnableIPv4: false } : { Network: v4 }),
      ...(v6 && { EnableIPv6: true, IPv6Network: v6 }),
    };
    return JSON.stringify({ ...before, ...families }, null, 2);
  });
}

/** Flannel: VXLAN and nothing else. It enforces no policy, which is declared, so policy cases are unsupported here. */
export const product: Cni = {
  kind: 'cni',
  name: 'flannel',
  title: 'Flannel',
  version: component.version,
  components: [component, flannelCni],
  podCidr: '10.244.0.0/16',
  kubeProxyMode: 'iptables',
  provides: {
    NetworkPolicy: false,
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
        component: 'flannel',
        module: 'github.com/flannel-io/flannel',
        path: 'Documentation/kube-flannel.yml',
      },
      override,
    },
  ],
  readiness: [agent],
  agent: {
    workload: agent,
    podSelector: 'app=flannel',
    container: 'kube-flannel',
    process: '/opt/bin/flanneld',
    command: 'flanneld',
  },
  recognise: { kind: 'DaemonSet', workload: /^kube-flannel/, container: /flannel/ },
  traits: { tunnel: 'flannel.1', usesNodeRouting: true },
  kernel: [
    { option: 'CONFIG_VXLAN', why: 'pod traffic between nodes' },
    { option: 'CONFIG_BRIDGE', why: 'pods of a node meet on the bridge cni0' },
    {
      option: 'CONFIG_BRIDGE_NETFILTER',
      why: 'Service rules must see bridged traffic; flanneld refuses to start without',
    },
  ],
};
