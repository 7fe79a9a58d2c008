import type { Product } from './product.ts';

type Foreign = Pick<Product, 'title' | 'recognise'>;

const daemonSet = (title: string, workload: RegExp, container: RegExp): Foreign => ({
  title,
  recognise: { kind: 'DaemonSet', workload, container },
});

/** CNIs that existing clusters run and no cluster can be made with here; reports call them by name. */
export const foreignCnis: readonly Foreign[] = [
  daemonSet('kindnet', /^kindnet$/, /kindnet/),
  daemonSet('Antrea', /^antrea-agent$/, /antrea-agent/),
  daemonSet('Weave Net', /^weave-net$/, /weave/),
  daemonSet('OVN-Kubernetes', /^ovnkube-node/, /ovn/),
  daemonSet('Kube-OVN', /^kube-ovn-cni$/, /cni-server/),
  daemonSet('Amazon VPC CNI', /^aws-node$/, /aws-node/),
  daemonSet('Azure CNI', /^azure-cn[is]/, /azure/),
];
