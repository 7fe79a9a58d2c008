import type { ImageFile, ImageLayout } from '../component.ts';

/** Name of the node image; the builder appends the content hash, because a rebuilt node must not reuse an old tag. */
export const nodeReference = 'ordeal.dev/node:v1.36.3';

/** Files of kind's own node image, unchanged, from the published kind module. */
const kindFiles = (path: string, to: string, mode: number): ImageFile => ({
  source: { from: 'module', component: 'kind', module: 'sigs.k8s.io/kind', path: `images/base/files/${path}` },
  to,
  mode,
});

const tool = (component: string, binary: string): ImageFile => ({
  source: { from: 'binary', component, binary },
  to: `/usr/bin/${binary}`,
});

const repo = (path: string, to: string, mode = 0o644): ImageFile => ({
  source: { from: 'repo', path: `node-image/${path}` },
  to,
  mode,
});

const packages = [
  ...['systemd', 'systemd-sysv', 'containerd', 'runc', 'containernetworking-plugins'],
  ...['conntrack', 'iptables', 'nftables', 'iproute2', 'ethtool', 'util-linux', 'mount', 'kmod', 'tcpdump'],
  ...['libseccomp2', 'pigz', 'bash', 'ca-certificates', 'curl', 'jq', 'procps'],
];

/** Layout of the kind node: Debian with systemd and containerd, kind's files, Kubernetes' node binaries. */
export const nodeLayout: ImageLayout = {
  base: 'debian',
  packages,
  files: [
    kindFiles('usr/local/bin/entrypoint', '/usr/local/bin/entrypoint', 0o755),
    kindFiles('kind/bin', '/kind/bin', 0o755),
    kindFiles('etc', '/etc', 0o644),
    ...['kubeadm', 'kubelet', 'kubectl'].map((binary) => tool('kubernetes', binary)),
    tool('crictl', 'crictl'),
    repo('default-storage.yaml', '/kind/manifests/default-storage.yaml'),
    repo('default-cni.yaml', '/kind/manifests/default-cni.yaml'),
    { source: { from: 'text', text: 'v1.36.3' }, to: '/kind/version', mode: 0o644 },
    repo('setup.sh', '/kind/setup.sh', 0o755),
  ],
  setup: ['sh -eu /kind/setup.sh', 'rm /kind/setup.sh'],
  directories: ['/etc/kubernetes/manifests', '/opt/cni/bin', '/etc/cni/net.d'],
  entrypoint: ['/usr/local/bin/entrypoint', '/sbin/init'],
  env: { container: 'docker' },
  stopSignal: 'SIGRTMIN+3',
};
