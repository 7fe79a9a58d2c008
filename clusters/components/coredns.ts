import type { Component } from '../component.ts';

/**
 * CoreDNS 1.14.7 under the tag kubeadm v1.36.3 deploys. Own main: only the plugins of kubeadm's Corefile and of
 * Ordeal's DNS fixtures. The Deployment gives arguments only, so the image carries the entrypoint.
 */
export const coredns: Component = {
  name: 'coredns',
  version: 'v1.14.7',
  role: 'stock',
  go: { moduleDir: 'coredns', binaries: [{ name: 'coredns', package: '.' }] },
  images: {
    'registry.k8s.io/coredns/coredns:v1.14.2': {
      base: 'scratch',
      files: [{ source: { from: 'binary', component: 'coredns', binary: 'coredns' }, to: '/coredns' }],
      entrypoint: ['/coredns'],
      workdir: '/',
    },
  },
};
