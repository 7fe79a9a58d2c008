import type { Component, ImageLayout } from '../component.ts';

/** Debian's static `catatonit -P` reaps and sleeps, which is all a pause container does. */
const pauseLayout: ImageLayout = {
  base: 'scratch',
  files: [{ source: { from: 'debian', package: 'catatonit', path: '/usr/bin/catatonit' }, to: '/pause', mode: 0o755 }],
  entrypoint: ['/pause', '-P'],
  user: '65535:65535',
};

/** Both tags: containerd's config names 3.10, kubeadm's list names 3.10.2. */
export const pause: Component = {
  name: 'pause',
  version: '3.10.2',
  role: 'stock',
  images: { 'registry.k8s.io/pause:3.10': pauseLayout, 'registry.k8s.io/pause:3.10.2': pauseLayout },
};
