import type { Component } from '../component.ts';

const version = 'v1.36.0';

/** Used inside nodes by `kind load` and `kind export logs`. */
export const crictl: Component = {
  name: 'crictl',
  version,
  go: {
    moduleDir: 'crictl',
    binaries: [
      {
        name: 'crictl',
        package: 'sigs.k8s.io/cri-tools/cmd/crictl',
        stamp: { 'sigs.k8s.io/cri-tools/pkg/version.Version': version },
      },
    ],
  },
};
