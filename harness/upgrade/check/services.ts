import type { Finding } from './finding.ts';
import { type Inventory, isOf, nameOf, type Pod, podsBehind, type Service } from './objects.ts';

/** What a Service loses while its pods are moved: all of it, or the requests of a pod that goes without notice. */
export function serviceFindings({ services, pods }: Inventory): Finding[] {
  return services.flatMap((service) => {
    const behind = podsBehind(service, pods);
    return behind.length === 0 ? [] : [...lonely(service, behind), ...careless(service, behind)];
  });
}

function lonely(service: Service, behind: readonly Pod[]): Finding[] {
  const object = `Service ${nameOf(service)}`;
  const check = 'single-replica';
  const nodes = new Set(behind.map(({ spec }) => spec.nodeName));
  if (behind.length === 1)
    return [
      {
        ...{ check, severity: 'warning', object, what: `one pod serves it: it is down while that one moves` },
        remedy: 'run two or more replicas, apart, with a PodDisruptionBudget',
      },
    ];
  if (nodes.size > 1) return [];
  return [
    {
      ...{ check, severity: 'warning', object, what: `its ${behind.length} pods all run on ${[...nodes].join('')}` },
      remedy: 'spread them (topologySpreadConstraints or anti-affinity)',
    },
  ];
}

function careless(service: Service, behind: readonly Pod[]): Finding[] {
  const object = `Service ${nameOf(service)}`;
  const movable = behind.filter((pod) => !isOf(pod, 'DaemonSet'));
  const [pod] = movable;
  if (pod === undefined) return [];
  const containers = pod.spec.containers;
  const findings: Finding[] = [];
  if (!containers.some(({ readinessProbe }) => readinessProbe !== undefined))
    findings.push({
      ...{ check: 'readiness', severity: 'warning', object },
      what: `its pods (${nameOf(pod)}) have no readiness probe: a new one gets requests before it can answer them`,
      remedy: 'add a readinessProbe',
    });
  if (!containers.some(({ lifecycle }) => lifecycle?.preStop !== undefined))
    findings.push({
      ...{ check: 'pre-stop', severity: 'info', object },
      what: `its pods (${nameOf(pod)}) have no preStop hook: one that goes still gets requests until every node has heard`,
      remedy: 'add `preStop: sleep` of a few seconds, unless the program itself serves on after SIGTERM',
    });
  return findings;
}
