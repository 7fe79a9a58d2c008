import type { Component } from '../component.ts';

/**
 * The `flannel` CNI plugin. Flannel's own cni-plugin module is not published to the Go proxy; containernetworking/plugins
 * v0.9.1 is the last release that carries the same plugin. The tag is the one the upstream manifest names.
 */
export const flannelCni: Component = {
  name: 'flannel-cni',
  version: 'v0.9.1',
  go: {
    moduleDir: 'flannel-cni',
    binaries: [{ name: 'flannel', package: 'github.com/containernetworking/plugins/plugins/meta/flannel' }],
  },
  images: {
    'ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel1': {
      base: 'debian',
      files: [{ source: { from: 'binary', component: 'flannel-cni', binary: 'flannel' }, to: '/flannel', mode: 0o755 }],
    },
  },
};
