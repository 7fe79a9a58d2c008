import type { Component } from '../component.ts';
import { nodeLayout, nodeReference } from '../node-image/layout.ts';

/** Host tool that makes and destroys clusters. Its module also carries the node image's files. */
export const kind: Component = {
  name: 'kind',
  version: 'v0.33.0',
  go: { moduleDir: 'kind', binaries: [{ name: 'kind', package: 'sigs.k8s.io/kind' }] },
};

/** The node image: in registry mode the stock one that this kind release was tested with. */
export const node: Component = {
  name: 'node',
  version: 'v1.36.3',
  role: 'node',
  images: { [nodeReference]: nodeLayout },
  upstream: {
    [nodeReference]:
      'docker.io/kindest/node:v1.37.0@sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5',
  },
};
