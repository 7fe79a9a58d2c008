import type { Component, ImageLayout } from '../component.ts';

const version = 'v1.36.3';

/** kubeadm's skew rules read these; unstamped binaries call themselves v0.0.0-master and are refused. */
const versionValues = {
  gitVersion: version,
  gitMajor: '1',
  gitMinor: '36',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
};

const stamp = Object.fromEntries(
  ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) =>
    Object.entries(versionValues).map(([name, value]) => [`${path}.${name}`, value]),
  ),
);

const binary = (name: string) => ({ name, package: `k8s.io/kubernetes/cmd/${name}`, stamp });

const controlPlane = (name: string): ImageLayout => ({
  base: 'scratch',
  files: [{ source: { from: 'binary', component: 'kubernetes', binary: name }, to: `/usr/local/bin/${name}` }],
});

/** Needs iptables and nft of the same flavour as the node, and kube-proxy at the absolute path its DaemonSet names. */
const kubeProxy: ImageLayout = { ...controlPlane('kube-proxy'), base: 'debian', packages: ['iptables', 'nftables'] };

/** The control plane and node binaries kubeadm v1.36.3 asks for. */
export const kubernetes: Component = {
  name: 'kubernetes',
  version,
  role: 'stock',
  go: {
    moduleDir: 'kubernetes',
    binaries: [
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kube-proxy',
      'kubeadm',
      'kubelet',
      'kubectl',
    ].map(binary),
  },
  images: {
    [`registry.k8s.io/kube-apiserver:${version}`]: controlPlane('kube-apiserver'),
    [`registry.k8s.io/kube-controller-manager:${version}`]: controlPlane('kube-controller-manager'),
    [`registry.k8s.io/kube-scheduler:${version}`]: controlPlane('kube-scheduler'),
    [`registry.k8s.io/kube-proxy:${version}`]: kubeProxy,
  },
};
