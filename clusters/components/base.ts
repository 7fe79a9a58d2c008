/** Debian suite of every `debian` layout. systemd >= 258 (after trixie) no longer boots on cgroup v1 hosts. */
export const debianSuite = 'trixie';

/** Removed from every Debian root: nothing reads them in a container. */
export const debianPrune: readonly string[] = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/info',
  'usr/share/lintian',
  'usr/share/locale',
  'var/cache/apt',
  'var/lib/apt/lists',
  'var/cache/debconf',
  'var/cache/ldconfig',
  'var/log',
  'usr/sbin/policy-rc.d',
  'etc/dpkg/dpkg.cfg.d/ordeal',
  'var/lib/dpkg/status-old',
  'var/lib/dpkg/available-old',
];
