import type { Component } from '../component.ts';

const version = '2.63.0';
const porter = (file: string) =>
  ({
    source: {
      from: 'module',
      component: 'kubernetes',
      module: 'k8s.io/kubernetes',
      path: `test/images/agnhost/porter/${file}`,
    },
    to: `/${file}`,
  }) as const;

/** Test server of Kubernetes' own e2e suite; built on demand, to compare verdicts with `e2e.test`. */
export const agnhost: Component = {
  name: 'agnhost',
  version,
  go: { moduleDir: 'kubernetes', binaries: [{ name: 'agnhost', package: 'k8s.io/kubernetes/test/images/agnhost' }] },
  images: {
    [`registry.k8s.io/e2e-test-images/agnhost:${version}`]: {
      base: 'debian',
      packages: ['netcat-openbsd', 'bind9-dnsutils', 'curl', 'iproute2', 'iputils-ping', 'ca-certificates'],
      files: [
        { source: { from: 'binary', component: 'agnhost', binary: 'agnhost' }, to: '/agnhost' },
        porter('localhost.crt'),
        porter('localhost.key'),
      ],
      entrypoint: ['/agnhost'],
      cmd: ['pause'],
    },
  },
};
