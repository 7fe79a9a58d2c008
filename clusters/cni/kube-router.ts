import { z } from 'zod';
import type { KubeObject } from '../../harness/kube/types.ts';
import type { Component } from '../component.ts';
import { editConfig } from '../config-map.ts';
import { isObject, mapContainers } from '../manifest.ts';
import type { Cni, WorkloadRef } from '../product.ts';
import { cidrOf, type RenderContext } from '../render.ts';

const module = 'github.com/cloudnativelabs/kube-router/v2';
const version = 'v2.1.0';
const image = `docker.io/cloudnativelabs/kube-router:${version}`;
const agent: WorkloadRef = { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-router' };

/** iproute2 of Debian keeps this file elsewhere, and kube-router appends its tables to it here. */
const routeTables = '255 local\n254 main\n253 default\n0 unspec\n';

const component: Component = {
  name: 'kube-router',
  version,
  go: {
    moduleDir: 'kube-router',
    binaries: [
      {
        name: 'kube-router',
        package: `${module}/cmd/kube-router`,
        stamp: { [`${module}/pkg/version.Version`]: version },
      },
    ],
  },
  images: {
    [image]: {
      base: 'debian',
      packages: ['iptables', 'ipset', 'iproute2', 'conntrack', 'kmod'],
      files: [
        {
          source: { from: 'binary', component: 'kube-router', binary: 'kube-router' },
          to: '/usr/local/bin/kube-router',
          mode: 0o755,
        },
        { source: { from: 'text', text: routeTables }, to: '/etc/iproute2/rt_tables', mode: 0o644 },
      ],
      entrypoint: ['/usr/local/bin/kube-router'],
    },
  },
};

/** Nodes that share a subnet route pods to each other as they are; IPIP would only be for those that do not. */
function flags({ podCidrs, serviceCidrs = [] }: RenderContext): string[] {
  return [
    '--enable-overlay=false',
    `--enable-ipv4=${cidrOf(podCidrs, 4) !== undefined}`,
    `--enable-ipv6=${cidrOf(podCidrs, 6) !== undefined}`,
    ...serviceCidrs.map((cidr) => `--service-cluster-ip-range=${cidr}`),
  ];
}

const Plugins = z.looseObject({ plugins: z.array(z.looseObject({ type: z.string() })) });
const portmap = { type: 'portmap', capabilities: { snat: true, portMappings: true } };

/** Host ports by the plugin that upstream's own hostport manifest chains, and hairpin as its service proxy wants it. */
function network(text: string): string {
  const { plugins, ...rest } = Plugins.parse(JSON.parse(text));
  const bridged = plugins.map((one) => (one.type === 'bridge' ? { ...one, hairpinMode: true } : one));
  return JSON.stringify({ ...rest, plugins: [...bridged, portmap] }, null, 2);
}

const Args = z.array(z.string()).default([]);

/** Upstream's manifest names its image without a tag. */
function override(object: KubeObject, context: RenderContext): KubeObject {
  if (isObject(object, 'ConfigMap', 'kube-router-cfg')) return editConfig(object, 'cni-conf.json', network);
  if (!isObject(object, 'DaemonSet', agent.name)) return object;
  return mapContainers(object, (container) => ({
    ...container,
    image,
    ...(container.name === agent.name && { args: [...Args.parse(container['args']), ...flags(context)] }),
  }));
}

/** kube-router: pods routed by BGP between nodes, a bridge on each; its policy engine rejects instead of dropping. */
export const product: Cni = {
  kind: 'cni',
  name: 'kube-router',
  title: 'kube-router',
  version,
  components: [component],
  podCidr: '10.244.0.0/16',
  kubeProxyMode: 'iptables',
  provides: {
    NetworkPolicy: true,
    KubeProxy: true,
    Hairpin: true,
    NodePort: true,
    HostPort: true,
    AdminNetworkPolicy: false,
    ClusterNetworkPolicy: false,
  },
  install: [
    {
      source: { from: 'file', component: 'kube-router', module, path: 'daemonset/generic-kuberouter.yaml' },
      override,
    },
  ],
  readiness: [agent],
  agent: {
    workload: agent,
    podSelector: 'k8s-app=kube-router',
    container: 'kube-router',
    process: '/usr/local/bin/kube-router',
    command: 'kube-router',
    health: 'http://127.0.0.1:20244/healthz',
  },
  recognise: { kind: 'DaemonSet', workload: /^kube-router$/, container: /^kube-router$/ },
  traits: { usesNodeRouting: true },
  kernel: [
    { option: 'CONFIG_BRIDGE', why: 'pods of a node meet on kube-bridge' },
    { option: 'CONFIG_BRIDGE_NETFILTER', why: 'policies must see traffic between pods of one node' },
    { option: 'CONFIG_IP_SET_HASH_NET', why: 'policy peers are kept in ipsets' },
    { option: 'CONFIG_NETFILTER_XT_SET', why: 'iptables rules match those ipsets' },
    { option: 'CONFIG_IP_NF_TARGET_REJECT', why: 'what policies deny is rejected' },
  ],
};
