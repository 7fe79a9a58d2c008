import { basename } from 'node:path';
import type { Component, GoBinary, ImageFile } from '../component.ts';

const module = 'github.com/projectcalico/calico';
const version = 'v3.28.5';

// One stamp for all, so that one `go build` makes all; a name a program lacks is ignored by the linker.
const stamp = { 'main.VERSION': version, [`${module}/node/pkg/lifecycle/startup.VERSION`]: version };

const program = (path: string): GoBinary => ({ name: basename(path), package: `${module}/${path}`, stamp });

const binary = (name: string, to: string): ImageFile => ({
  source: { from: 'binary', component: 'calico', binary: name },
  to,
  mode: 0o755,
});

const tree = (path: string, to: string, mode: number): ImageFile => ({
  source: { from: 'module', component: 'calico', module, path },
  to,
  mode,
});

const worldWritable = (to: string): ImageFile => ({ source: { from: 'text', text: '' }, to, mode: 0o666 });

/**
 * Calico 3.28, the newest release whose module the Go proxy serves. Built without cgo: the eBPF dataplane is then a stub
 * that panics when touched, and Felix touches it only when it finds `bpftool`; the node image must never contain it.
 */
export const calico: Component = {
  name: 'calico',
  version,
  go: {
    moduleDir: 'calico',
    binaries: [
      ...['cni-plugin/cmd/calico', 'cni-plugin/cmd/install'].map(program),
      ...['kube-controllers/cmd/kube-controllers', 'kube-controllers/cmd/check-status'].map(program),
      program('node/cmd/calico-node'),
    ],
  },
  images: {
    'docker.io/calico/node:v3.28.5': {
      base: 'debian',
      packages: ['iptables', 'ipset', 'iproute2', 'kmod', 'conntrack', 'net-tools', 'procps', 'runit'],
      files: [
        binary('calico-node', '/usr/bin/calico-node'),
        tree('node/filesystem/sbin/start_runit', '/usr/sbin/start_runit', 0o755),
        tree('node/filesystem/etc/rc.local', '/etc/rc.local', 0o755),
        tree('node/filesystem/etc/calico', '/etc/calico', 0o644),
        tree('node/filesystem/etc/service/available', '/opt/service', 0o755),
      ],
      // Debian's runit makes /etc/service a link into a folder that only its own init creates.
      setup: ['rm -f /etc/service', 'mkdir /etc/service', 'mv /opt/service /etc/service/available'],
      env: { SVDIR: '/etc/service/enabled' },
      cmd: ['start_runit'],
    },
    'docker.io/calico/cni:v3.28.5': {
      base: 'scratch',
      files: [binary('calico', '/opt/cni/bin/calico'), binary('install', '/opt/cni/bin/install')],
      links: { '/opt/cni/bin/calico-ipam': '/opt/cni/bin/calico' },
      workdir: '/opt/cni/bin',
      env: { PATH: '/opt/cni/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
      cmd: ['/opt/cni/bin/install'],
    },
    'docker.io/calico/kube-controllers:v3.28.5': {
      base: 'scratch',
      files: [
        binary('kube-controllers', '/usr/bin/kube-controllers'),
        binary('check-status', '/usr/bin/check-status'),
        worldWritable('/status/status.json'),
        worldWritable('/profiles/mem.pprof'),
        worldWritable('/profiles/cpu.pprof'),
      ],
      user: '999',
      entrypoint: ['/usr/bin/kube-controllers'],
    },
  },
};
