import type { Component } from '../component.ts';

const version = '2.8.3';

const config = `version: 0.1
log: { level: warn }
storage:
  filesystem: { rootdirectory: /var/lib/registry }
  delete: { enabled: true }
http:
  addr: :5000
`;

/**
 * A container registry, for the integration test that provisions a cluster from a loopback registry. Debian's build of
 * the same program as upstream's; its own configuration asks for a password, so this one is ours.
 */
export const registry: Component = {
  name: 'registry',
  version,
  images: {
    [`ordeal.dev/registry:${version}`]: {
      base: 'debian',
      files: [
        {
          source: { from: 'debian', package: 'docker-registry', path: '/usr/bin/docker-registry' },
          to: '/usr/local/bin/registry',
          mode: 0o755,
        },
        { source: { from: 'text', text: config }, to: '/etc/docker/registry/config.yml', mode: 0o644 },
      ],
      directories: ['/var/lib/registry'],
      entrypoint: ['/usr/local/bin/registry', 'serve', '/etc/docker/registry/config.yml'],
    },
  },
  upstream: { [`ordeal.dev/registry:${version}`]: `docker.io/library/registry:${version}` },
};
