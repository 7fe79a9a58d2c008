import type { NetworkPolicy, Protocol } from '../kube/network-policy.ts';
import type { ClusterModel, PodModel, ServiceModel } from './model-types.ts';

export interface GridOptions {
  readonly namespaces?: readonly string[];
  readonly pods?: readonly string[];
  readonly ports?: readonly number[];
  readonly protocols?: readonly Protocol[];
  readonly networkPolicies?: readonly NetworkPolicy[];
}

/**
 * Returns the model NetworkPolicy suites and fuzzing use: namespaces x, y, z labelled `ns`, pods a, b, c labelled
 * `pod`, one Service `s-<ns>-<pod>` each, ports 80 and 81 named `serve-80-tcp` and so on, spread over two nodes.
 */
export function gridModel(options: GridOptions = {}): ClusterModel {
  const { namespaces = ['x', 'y', 'z'], pods: names = ['a', 'b', 'c'], networkPolicies = [] } = options;
  const nodes = ['n1', 'n2'].map((name, at) => ({ name, ips: [`172.18.0.${at + 2}`], labels: { node: name } }));
  const pods = namespaces.flatMap((namespace, row) =>
    names.map((name, column) => gridPod(namespace, name, row * names.length + column, options)),
  );
  return {
    namespaces: namespaces.map((name) => ({ name, labels: { ns: name } })),
    pods,
    nodes,
    services: pods.map(gridService),
    networkPolicies,
  };
}

function gridPod(namespace: string, name: string, at: number, options: GridOptions): PodModel {
  const { ports = [80, 81], protocols = ['TCP', 'UDP'] } = options;
  const containerPorts = ports.flatMap((port) =>
    protocols.map((protocol) => ({ name: `serve-${port}-${protocol.toLowerCase()}`, port, protocol })),
  );
  const node = at % 2 === 0 ? 'n1' : 'n2';
  const ip = `10.244.${(at % 2) + 1}.${at + 10}`;
  return { namespace, name, labels: { pod: name }, ips: [ip], node, containerPorts, serving: containerPorts };
}

function gridService(pod: PodModel, at: number): ServiceModel {
  const { namespace, name, containerPorts: ports } = pod;
  const endpoints = [{ pod: name, ready: true }];
  return { namespace, name: `s-${namespace}-${name}`, clusterIPs: [`10.96.1.${at + 1}`], ports, endpoints };
}
