import type { Agent } from '../probe/agent-types.ts';
import type { CaseContext } from '../case/types.ts';
import type { KubeObject } from '../kube/types.ts';
import { expectedDns, type RecordType } from '../oracle/dns.ts';
import { KnownObject } from '../oracle/object-schema.ts';
import { expectedEndpoints } from '../oracle/routing.ts';
import type { ClusterModel } from '../oracle/model-types.ts';
import { clusterModelOf } from '../oracle/cluster-model.ts';
import type { AgentPort } from '../probe/types.ts';
import { closed, open, type Want } from '../table/checks.ts';
import { answers, nodata, noRecords, nxdomain, type DnsWant } from '../table/dns-queries.ts';
import { fleet } from './fleet.ts';
import { fleetSelector, type Served } from './serve.ts';
import { podPorts } from './service-traffic.ts';

/** A pod as a case made it: what the oracle needs to know of it. Absent: ready, without a host name, `podPorts`. */
export interface MadePod {
  readonly agent: Pick<Agent, 'name' | 'namespace' | 'node' | 'ips'>;
  readonly labels: Readonly<Record<string, string>>;
  readonly ready?: boolean;
  readonly hostname?: string;
  readonly subdomain?: string;
  readonly ports?: readonly AgentPort[];
}

/** Returns the model of Services (as stored), EndpointSlices and pods that a case made; the oracle answers from it. */
export function modelOf(objects: readonly KubeObject[], pods: readonly MadePod[]): ClusterModel {
  return clusterModelOf([...objects, ...pods.map(podObject)].map((object) => KnownObject.parse(object)));
}

/** Returns the model of these objects in front of, or beside, the standing pods. */
export function fleetModel(ctx: CaseContext, ...objects: readonly KubeObject[]): ClusterModel {
  const { agents, ports } = ctx.use(fleet);
  return modelOf(
    objects,
    agents.map((agent) => ({ agent, labels: fleetSelector, ports })),
  );
}

function podObject({ agent, labels, ready = true, hostname, subdomain, ports = podPorts }: MadePod): KubeObject {
  const { name, namespace, node, ips } = agent;
  const containerPorts = ports.map(({ port, protocol, name: portName }) => ({
    ...{ containerPort: port, name: portName, protocol: protocol === 'HTTP' ? 'TCP' : protocol },
  }));
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels } },
    spec: { nodeName: node, hostname, subdomain, containers: [{ ports: containerPorts }] },
    status: {
      podIPs: ips.map((ip) => ({ ip })),
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  };
}

/**
 * Returns who may answer through the Service where a packet enters it on `node`, by name; empty: nobody. `external` is
 * traffic from outside, through a node port or load balancer.
 */
export function namesBehind(
  model: ClusterModel,
  service: Pick<Served, 'namespace' | 'name'>,
  node = '',
  traffic: 'internal' | 'external' = 'internal',
): string[] {
  const found = model.services.find((it) => it.namespace === service.namespace && it.name === service.name);
  if (found === undefined) throw new TypeError(`the model has no Service ${service.namespace}/${service.name}`);
  const named = (end: string) => model.pods.find(({ ips }) => ips.includes(end))?.name ?? end;
  return expectedEndpoints(model, found, node, traffic).names.map(named);
}

/** Returns the wish that only these answer; that nobody does where there are none. */
export function answeredBy(names: readonly string[]): Want {
  return names.length === 0 ? closed : open(...names);
}

/** Returns the wish that the standing pods behind a Service answer, whichever node its packets enter on. */
export function answeredByFleet(ctx: CaseContext, service: Served): Want {
  return answeredBy(namesBehind(fleetModel(ctx, service.object), service));
}

/** Returns what cluster DNS must answer for a name of the model's Services; a lone `port target` for SRV records. */
export function recordsOf(
  ctx: Pick<CaseContext, 'cluster'>,
  model: ClusterModel,
  { rrtype, name }: { rrtype: RecordType; name: string },
): DnsWant {
  const answer = expectedDns(model, name, rrtype, ctx.cluster.info.clusterDomain);
  if (answer.answers.length > 0) return answers(...answer.answers);
  if (answer.rcode === 'NOERROR') return nodata;
  return answer.exists === 'open' ? noRecords : nxdomain;
}
