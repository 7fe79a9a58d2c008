import type { Component, GoBinary, ImageFile } from '../component.ts';

const module = 'github.com/cilium/cilium';
const version = 'v1.19.3';
const stamp = { [`${module}/pkg/version.ciliumVersion`]: version.slice(1) };

const goBinary = (name: string, path: string, ...tags: string[]): GoBinary => ({
  name,
  package: `${module}/${path}`,
  tags: ['osusergo', ...tags],
  stamp,
});

const binary = (name: string, to: string): ImageFile => ({
  source: { from: 'binary', component: 'cilium', binary: name },
  to,
  mode: 0o755,
});

const tree = (path: string, to: string, mode: number): ImageFile => ({
  source: { from: 'module', component: 'cilium', module, path },
  to,
  mode,
});

/**
 * Cilium 1.19, the newest release whose every dependency the Go proxy serves. The agent compiles its datapath at run
 * time and wants clang 18.1 or later: the image carries only the driver and its two shared libraries, because the
 * compiler runs with -nostdinc and emits objects for the BPF target, so it reads no header, archive or linker of Debian's.
 */
export const cilium: Component = {
  name: 'cilium',
  version,
  go: {
    moduleDir: 'cilium',
    binaries: [
      goBinary('cilium-agent', 'daemon'),
      goBinary('cilium-operator-generic', 'operator', 'ipam_provider_operator'),
      goBinary('cilium-cni', 'plugins/cilium-cni'),
      goBinary('cilium-dbg', 'cilium-dbg'),
      goBinary('cilium-mount', 'tools/mount'),
    ],
  },
  images: {
    'quay.io/cilium/cilium:v1.19.3': {
      base: 'debian',
      packages: ['iproute2', 'iptables', 'ipset', 'kmod', 'ca-certificates', 'libclang-cpp19'],
      files: [
        {
          source: { from: 'debian', package: 'clang-19', path: '/usr/lib/llvm-19/bin/clang' },
          to: '/usr/local/bin/clang',
          mode: 0o755,
        },
        binary('cilium-agent', '/usr/bin/cilium-agent'),
        binary('cilium-dbg', '/usr/bin/cilium-dbg'),
        binary('cilium-mount', '/usr/bin/cilium-mount'),
        binary('cilium-cni', '/opt/cni/bin/cilium-cni'),
        tree('images/cilium/init-container.sh', '/init-container.sh', 0o755),
        tree('plugins/cilium-cni/install-plugin.sh', '/install-plugin.sh', 0o755),
        tree('plugins/cilium-cni/cni-uninstall.sh', '/cni-uninstall.sh', 0o755),
        tree('bpf', '/var/lib/cilium/bpf', 0o644),
      ],
      links: { '/usr/bin/cilium': '/usr/bin/cilium-dbg' },
      directories: ['/home/cilium'],
      // The BPF unit tests and Debian's package lists are not read at run time.
      prune: ['var/lib/cilium/bpf/tests'],
      workdir: '/home/cilium',
      cmd: ['/usr/bin/cilium-dbg'],
    },
    'quay.io/cilium/operator-generic:v1.19.3': {
      base: 'scratch',
      files: [binary('cilium-operator-generic', '/usr/bin/cilium-operator-generic')],
      directories: ['/tmp'],
      cmd: ['/usr/bin/cilium-operator-generic'],
    },
  },
};
