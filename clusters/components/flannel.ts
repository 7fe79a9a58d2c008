import type { Component } from '../component.ts';

const module = 'github.com/flannel-io/flannel';
const version = 'v0.28.4';

/** flanneld. Its UDP backend needs cgo on amd64, so it is linked statically against the builder's libc. */
export const flannel: Component = {
  name: 'flannel',
  version,
  go: {
    moduleDir: 'flannel',
    binaries: [
      {
        name: 'flanneld',
        package: module,
        cgo: true,
        static: true,
        stamp: { [`${module}/pkg/version.Version`]: version },
      },
    ],
  },
  images: {
    'ghcr.io/flannel-io/flannel:v0.28.4': {
      base: 'debian',
      packages: ['iptables', 'nftables', 'iproute2', 'ca-certificates'],
      files: [
        { source: { from: 'binary', component: 'flannel', binary: 'flanneld' }, to: '/opt/bin/flanneld', mode: 0o755 },
      ],
      entrypoint: ['/opt/bin/flanneld'],
    },
  },
};
