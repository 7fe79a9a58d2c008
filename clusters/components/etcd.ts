import type { Component } from '../component.ts';

/** etcd 3.6.16 under the tag kubeadm v1.36.3 writes into its static pod (its flags are 3.6-only). */
export const etcd: Component = {
  name: 'etcd',
  version: 'v3.6.16',
  role: 'stock',
  go: { moduleDir: 'etcd', binaries: [{ name: 'etcd', package: 'go.etcd.io/etcd/server/v3' }] },
  images: {
    'registry.k8s.io/etcd:3.6.8-0': {
      base: 'scratch',
      files: [{ source: { from: 'binary', component: 'etcd', binary: 'etcd' }, to: '/usr/local/bin/etcd' }],
    },
  },
};
