import type { Finding } from './finding.ts';
import { type Inventory, isOf, nameOf, type Node, type Pod } from './objects.ts';
import { quantity } from './quantity.ts';

/** PodDisruptionBudgets that allow no eviction now: a drain waits on them for ever. */
export function budgetFindings({ budgets }: Inventory): Finding[] {
  return budgets.flatMap((budget): Finding[] => {
    const { disruptionsAllowed, expectedPods } = budget.status;
    if (disruptionsAllowed > 0 || expectedPods === 0) return [];
    return [
      {
        ...{ check: 'disruption-budget', severity: 'critical', object: `PodDisruptionBudget ${nameOf(budget)}` },
        what: `it allows no eviction of any of its ${expectedPods} pods: a drain of their nodes does not end`,
        remedy: 'raise the replicas, lower minAvailable, or mend pods that are not Ready',
      },
    ];
  });
}

/** Pods that `kubectl drain` refuses to evict, or that nobody makes again. */
export function strandedFindings({ pods }: Inventory): Finding[] {
  return pods.filter(isBare).map((pod) => ({
    ...{ check: 'bare-pod', severity: 'warning', object: `Pod ${nameOf(pod)}` },
    what: 'no controller makes it again: a drain refuses it, or loses it with --force',
    remedy: 'run it by a Deployment, StatefulSet or Job',
  }));
}

const isBare = (pod: Pod) =>
  pod.metadata.ownerReferences.length === 0 && pod.status.phase === 'Running' && !isMirror(pod);
const isMirror = ({ metadata }: Pod) => 'kubernetes.io/config.mirror' in metadata.annotations;

const resources = ['cpu', 'memory', 'pods'] as const;

/** Nodes whose pods find no room on the others, by requests: the scheduler counts no less. */
export function roomFindings({ nodes, pods }: Inventory): Finding[] {
  const open = nodes.filter(isOpen);
  return open.flatMap((node): Finding[] => {
    const others = open.filter((one) => one !== node);
    const short = resources.flatMap((resource) => {
      const moved = sum(evictable(podsOn(node, pods)), resource);
      const free = others.reduce(
        (all, other) => all + Math.max(0, allocatable(other, resource) - sum(podsOn(other, pods), resource)),
        0,
      );
      return moved > free ? [`${resource}: ${tell(moved, resource)} to move, ${tell(free, resource)} free`] : [];
    });
    if (short.length === 0) return [];
    return [
      {
        ...{ check: 'drain-room', severity: 'critical', object: `Node ${nameOf(node)}` },
        what: `a drain leaves pods without a place: ${short.join('; ')} on the ${others.length} others`,
        remedy: 'add a node for the time of the upgrade, or lower requests',
      },
    ];
  });
}

const isOpen = ({ spec: { unschedulable, taints } }: Node) =>
  !unschedulable && !taints.some(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute');
const podsOn = ({ metadata: { name } }: Node, pods: readonly Pod[]) =>
  pods.filter(
    ({ spec, status }) => spec.nodeName === name && status.phase !== 'Succeeded' && status.phase !== 'Failed',
  );
const evictable = (pods: readonly Pod[]) => pods.filter((pod) => !isOf(pod, 'DaemonSet') && !isMirror(pod));

type Resource = (typeof resources)[number];

function sum(pods: readonly Pod[], resource: Resource): number {
  if (resource === 'pods') return pods.length;
  return pods
    .flatMap(({ spec }) => spec.containers)
    .reduce((all, container) => all + quantity(container.resources.requests[resource] ?? 0), 0);
}

const allocatable = ({ status }: Node, resource: Resource) => quantity(status.allocatable[resource] ?? 0);

function tell(value: number, resource: Resource): string {
  if (resource === 'memory') return `${Math.round(value / 2 ** 20)} Mi`;
  return resource === 'cpu' ? `${value.toFixed(2)} cores` : String(value);
}
