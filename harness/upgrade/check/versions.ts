import semver from 'semver';
import type { Finding } from './finding.ts';
import { type Inventory, nameOf } from './objects.ts';

/** https://kubernetes.io/releases/version-skew-policy/#kubelet: up to three minor versions older, never newer. */
const mostKubeletSkew = 3;

/** Returns the next minor version of a server's, as `1.37`. */
export function nextMinor(serverVersion: string): string {
  const { major, minor } = parsed(serverVersion);
  return `${major}.${minor + 1}`;
}

/** Version skew: of kubelets now and at the target, and of the step itself. */
export function skewFindings({ serverVersion, nodes }: Inventory, target: string): Finding[] {
  const [server, wanted] = [parsed(serverVersion), parsed(target)];
  const step = wanted.minor - server.minor;
  const check = 'version-skew';
  const jump: Finding[] = [];
  if (step > 1)
    jump.push({
      ...{ check, severity: 'critical', object: `Kubernetes ${serverVersion} -> ${target}` },
      what: `it skips ${step - 1} minor version${step === 2 ? '' : 's'}: kubeadm and API server upgrades go one at a time`,
      remedy: `upgrade to ${server.major}.${server.minor + 1} first`,
    });
  if (step < 0)
    jump.push({
      ...{ check, severity: 'critical', object: `Kubernetes ${serverVersion} -> ${target}` },
      ...{ what: 'it is a downgrade, which Kubernetes does not support', remedy: 'restore a backup of etcd instead' },
    });
  const kubelets = nodes.flatMap((node): Finding[] => {
    const { minor, version } = parsed(node.status.nodeInfo.kubeletVersion);
    const behind = wanted.minor - minor;
    const object = `Node ${nameOf(node)}`;
    if (minor > server.minor)
      return [
        {
          ...{ check, severity: 'critical', object, what: `its kubelet ${version} is newer than the API server` },
          remedy: 'upgrade the control plane first',
        },
      ];
    if (behind <= mostKubeletSkew) return [];
    return [
      {
        ...{ check, severity: 'critical', object },
        what: `its kubelet ${version} is ${behind} minor versions older than ${target}; ${mostKubeletSkew} are supported`,
        remedy: 'upgrade the kubelet before the control plane goes on',
      },
    ];
  });
  return [...jump, ...kubelets];
}

/** The API server counts requests of deprecated versions itself, and knows in which release each is removed. */
const requested = /^apiserver_requested_deprecated_apis\{([^\}]*)\}\s+1\b/gmv;
const label = /(\w+)="([^"]*)"/gv;

/** Deprecated APIs that somebody asked for since the API server started. */
export function deprecatedFindings({ metrics }: Inventory, target: string): Finding[] {
  const wanted = parsed(target);
  return [...metrics.matchAll(requested)].map(([, labels = '']): Finding => {
    const of = Object.fromEntries([...labels.matchAll(label)].map(([, name = '', value = '']) => [name, value]));
    const { group = '', version = '', resource = '', removed_release: removed = '' } = of;
    const apiVersion = group === '' ? version : `${group}/${version}`;
    const gone = removed !== '' && parsed(removed).minor <= wanted.minor;
    return {
      check: 'deprecated-api',
      severity: gone ? 'critical' : 'warning',
      object: `${apiVersion} ${resource}`,
      what: `it is deprecated${removed === '' ? '' : ` and removed in ${removed}`}, and was asked for since the API server started`,
      remedy: `find who asks (audit log, managedFields) and move to a later version of ${group === '' ? resource : group}`,
    };
  });
}

function parsed(version: string): semver.SemVer {
  const found = semver.coerce(version);
  if (found === null) throw new Error(`${version} is no version`);
  return found;
}
