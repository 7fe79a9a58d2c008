import type { Agent } from '../probe/agent-types.ts';
import type { NetworkPolicy } from '../kube/network-policy.ts';
import { blockAroundAll } from './blocks.ts';
import { gridPorts, podPorts } from './grid-layout.ts';
import type { Grid, Labels } from './grid-types.ts';
import type { ClusterModel, PodModel } from '../oracle/model-types.ts';
import type { AgentPort } from '../probe/types.ts';
import type { GridFacts, LabelChange, NamespaceKey, PolicyTemplate } from './types.ts';

/** A pod under measurement: what the oracle knows of it and the agent that probes from it. */
export interface TrackedPod {
  readonly namespaceKey: string;
  readonly name: string;
  readonly agent: Agent;
  readonly service: { readonly name: string; readonly ip: string } | undefined;
  labels: Labels;
}

/** The grid as this case has changed it so far: the oracle's input and the list of who measures whom. */
export class GridState {
  readonly namespaces = new Map<string, { real: string; labels: Labels }>();
  readonly pods: TrackedPod[] = [];
  readonly policies = new Map<string, NetworkPolicy>();
  readonly grid: Grid;
  private readonly suffix: string;

  constructor(grid: Grid) {
    this.grid = grid;
    grid.history.holders += 1;
    this.suffix = grid.history.holders % 2 === 0 ? '-2' : '';
    for (const [key, real] of grid.namespaces) this.namespaces.set(key, { real, labels: grid.labels(key) });
    for (const pod of grid.pods) {
      const labels = grid.labels(pod.key);
      const service = { name: pod.serviceName, ip: pod.serviceIp };
      this.pods.push({ namespaceKey: pod.namespaceKey, name: pod.podKey, agent: pod.agent, service, labels });
    }
  }

  get facts(): GridFacts {
    return {
      ip: (key) => this.grid.pods.find((pod) => pod.key === key)?.agent.ip ?? missing(`pod ${key}`),
      podRange: () => blockAroundAll(this.grid.pods.map((pod) => pod.agent.ip)),
      namespace: (key) => this.real(key),
    };
  }

  real(key: string): string {
    return this.namespaces.get(key)?.real ?? missing(`namespace ${key}`);
  }

  /**
   * Name a policy has in the cluster. Never that of the holder before, whose policies are still there: an update keeps
   * what the API server once filled in (`policyTypes`), so it may mean something else than the same policy created.
   */
  policyName(name: string): string {
    return `${name}${this.suffix}`;
  }

  render(template: PolicyTemplate): NetworkPolicy {
    const spec = typeof template.spec === 'function' ? template.spec(this.facts) : template.spec;
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: this.policyName(template.name), namespace: this.real(template.namespace) },
      spec,
    };
  }

  relabelNamespace(key: NamespaceKey, change: LabelChange): void {
    const namespace = this.namespaces.get(key);
    if (namespace !== undefined) namespace.labels = merge(namespace.labels, change);
  }

  relabelPod(namespaceKey: string, name: string, change: LabelChange): void {
    const pod = this.pods.find((one) => one.namespaceKey === namespaceKey && one.name === name);
    if (pod !== undefined) pod.labels = merge(pod.labels, change);
  }

  dropPods(matches: (pod: TrackedPod) => boolean): void {
    const kept = this.pods.filter((pod) => !matches(pod));
    this.pods.splice(0, this.pods.length, ...kept);
  }

  /** The world the oracle judges, with the real names and addresses of this grid, and policies that are yet to come. */
  world(coming: readonly NetworkPolicy[] = []): ClusterModel {
    const [ports, ofServices] = [portsOf(podPorts), portsOf(gridPorts)];
    return {
      namespaces: [...this.namespaces.values()].map(({ real, labels }) => ({ name: real, labels })),
      pods: this.pods.map((pod): PodModel => {
        const { name, ips, node } = pod.agent;
        return {
          namespace: pod.agent.namespace,
          name,
          labels: pod.labels,
          ips,
          node,
          containerPorts: ports,
          serving: ports,
        };
      }),
      nodes: [],
      services: this.pods.flatMap((pod) =>
        pod.service === undefined ? [] : [serviceOf(pod, pod.service, ofServices)],
      ),
      networkPolicies: [...this.policies.values(), ...coming],
    };
  }
}

function serviceOf(
  pod: TrackedPod,
  service: { name: string; ip: string },
  ports: ClusterModel['services'][number]['ports'],
) {
  const [name = service.name] = service.name.split('.');
  const endpoints = [{ pod: pod.agent.name, ready: true }];
  return { namespace: pod.agent.namespace, name, clusterIPs: [service.ip], ports, endpoints };
}

function portsOf(ports: readonly AgentPort[]) {
  return ports.map(({ port, protocol, name }) => ({ port, name, protocol: toProtocol(protocol) }));
}

function toProtocol(protocol: string): 'TCP' | 'UDP' | 'SCTP' {
  return protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP';
}

function merge(labels: Labels, change: LabelChange): Record<string, string> {
  const merged = Object.entries({ ...labels, ...change });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
}

function missing(what: string): never {
  throw new Error(`the grid has no ${what}`);
}
