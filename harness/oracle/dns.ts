import { OrdealError } from '../base/errors.ts';
import { parseAddress } from '../base/cidr.ts';
import { reverseName } from './dns-reverse.ts';
import { endpointPort, endpointsOf } from './routing.ts';
import type { ClusterModel, EndpointModel, PodModel, ServiceModel } from './model-types.ts';

export type RecordType = 'A' | 'AAAA' | 'SRV' | 'CNAME' | 'PTR';

/** `answers` sorted; SRV as `<port> <target>` because priority and weight are not prescribed. */
export interface DnsAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN';
  readonly answers: readonly string[];
  readonly reason: string;
  /** `open`: a name without records, of which the specification does not say whether it is NXDOMAIN. */
  readonly exists?: 'open';
}

interface Endpoint {
  readonly hostname: string;
  readonly ips: readonly string[];
  readonly pod: PodModel | undefined;
  readonly raw: EndpointModel;
}

/**
 * Returns what cluster DNS answers for a fully qualified name (final dot or not, any case). An endpoint without a
 * hostname is called by its dashed address: the specification leaves that name open and CoreDNS chose it. @throws
 * OrdealError USAGE for a name outside the cluster's zone. Source: Kubernetes DNS-Based Service Discovery 1.1.0, sections 2.3-2.5.
 */
export function expectedDns(model: ClusterModel, name: string, rrtype: RecordType, zone = 'cluster.local'): DnsAnswer {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  if (rrtype === 'PTR') return pointer(model, wanted, zone);
  const suffix = `.svc.${zone}`;
  if (!wanted.endsWith(suffix)) throw new OrdealError('USAGE', `${name} is not a Service name of the zone ${zone}`);
  const labels = wanted.slice(0, -suffix.length).split('.');
  const [service, namespace] = labels.slice(-2);
  const found = model.services.find((it) => it.name === service && it.namespace === namespace);
  if (found === undefined) return missing(`there is no Service ${namespace ?? '?'}/${service ?? '?'}`);
  return answer(model, found, labels.slice(0, -2), rrtype, zone);
}

function answer(
  model: ClusterModel,
  service: ServiceModel,
  prefix: string[],
  rrtype: RecordType,
  zone: string,
): DnsAnswer {
  const { externalName } = service;
  if (externalName !== undefined) return alias(service, prefix, externalName, rrtype);
  if (prefix[0]?.startsWith('_') === true) return serviceRecords(model, service, prefix, zone, rrtype);
  if (prefix.length > 1) return missing(`${label(service)} has no name that deep`);
  const addresses = prefix.length === 0 ? ownAddresses(model, service) : hostAddresses(model, service, prefix[0]);
  if (addresses.length === 0)
    return { ...missing(`${label(service)} has no ready endpoint of that name`), exists: 'open' };
  const family = rrtype === 'A' ? 4 : rrtype === 'AAAA' ? 6 : undefined;
  const answers = addresses.filter((ip) => parseAddress(ip).family === family);
  return present(answers, `addresses of ${label(service)}`);
}

function alias(service: ServiceModel, prefix: string[], externalName: string, rrtype: RecordType): DnsAnswer {
  if (prefix.length > 0) return missing(`${label(service)} is an ExternalName and has no names below it`);
  const target = `${externalName.replace(/\.$/, '')}.`;
  const asked = rrtype === 'CNAME' || rrtype === 'A' || rrtype === 'AAAA';
  return present(asked ? [target] : [], `${label(service)} is an ExternalName`);
}

function serviceRecords(
  model: ClusterModel,
  service: ServiceModel,
  prefix: string[],
  zone: string,
  rrtype: RecordType,
): DnsAnswer {
  const [port, protocol, ...more] = prefix;
  const named = service.ports.find(
    (it) => `_${it.name ?? ''}` === port && `_${it.protocol.toLowerCase()}` === protocol,
  );
  if (named === undefined || named.name === undefined || more.length > 0)
    return missing(`${label(service)} has no port ${port ?? ''}.${protocol ?? ''}`);
  if (rrtype !== 'SRV') return present([], 'only SRV lives under a port name');
  if (service.clusterIPs.length > 0)
    return present([`${named.port} ${fqdn(service, zone)}`], `${label(service)} has a cluster IP`);
  // The port of the endpoint: a headless Service translates nothing.
  const hosts = readyEndpoints(model, service).flatMap(({ hostname, pod, raw }) => {
    const port = endpointPort(pod, raw, named);
    return port === undefined ? [] : [`${port} ${hostname}.${fqdn(service, zone)}`];
  });
  return hosts.length === 0
    ? { ...missing(`${label(service)} has no ready endpoint`), exists: 'open' }
    : present(hosts, 'one per ready endpoint');
}

function pointer(model: ClusterModel, name: string, zone: string): DnsAnswer {
  const owner = model.services.find((it) => it.clusterIPs.some((ip) => reverseName(ip) === name));
  if (owner !== undefined) return present([fqdn(owner, zone)], `cluster IP of ${label(owner)}`);
  const headless = model.services.filter((it) => it.clusterIPs.length === 0 && it.externalName === undefined);
  const answers = headless.flatMap((service) =>
    readyEndpoints(model, service)
      .filter(({ ips }) => ips.some((ip) => reverseName(ip) === name))
      .map(({ hostname }) => `${hostname}.${fqdn(service, zone)}`),
  );
  return answers.length === 0
    ? missing('no Service owns that address')
    : present(answers, 'endpoints of headless Services');
}

function readyEndpoints(model: ClusterModel, service: ServiceModel): Endpoint[] {
  const answering = endpointsOf(model, service).filter((it) => it.ready || service.publishNotReadyAddresses === true);
  const pods = new Map(model.pods.filter((it) => it.namespace === service.namespace).map((it) => [it.name, it]));
  return answering.flatMap((raw) => {
    const pod = raw.pod === undefined ? undefined : pods.get(raw.pod);
    const ips = raw.ips ?? pod?.ips ?? [];
    return ips.length === 0 ? [] : [{ hostname: hostnameOf(raw, pod, ips, service), ips, pod, raw }];
  });
}

function hostnameOf(
  raw: EndpointModel,
  pod: PodModel | undefined,
  ips: readonly string[],
  service: ServiceModel,
): string {
  if (raw.hostname !== undefined) return raw.hostname;
  if (pod?.hostname !== undefined && pod.subdomain === service.name) return pod.hostname;
  return (ips[0] ?? '').replaceAll(/[.:]/g, '-');
}

function ownAddresses(model: ClusterModel, service: ServiceModel): string[] {
  if (service.clusterIPs.length > 0) return [...service.clusterIPs];
  return readyEndpoints(model, service).flatMap(({ ips }) => ips);
}

function hostAddresses(model: ClusterModel, service: ServiceModel, hostname: string | undefined): string[] {
  if (service.clusterIPs.length > 0) return [];
  const hosts = readyEndpoints(model, service).filter((it) => it.hostname === hostname);
  return hosts.flatMap(({ ips }) => ips);
}

const label = (service: ServiceModel) => `Service ${service.namespace}/${service.name}`;
const fqdn = (service: ServiceModel, zone: string) => `${service.name}.${service.namespace}.svc.${zone}.`;
const missing = (reason: string): DnsAnswer => ({ rcode: 'NXDOMAIN', answers: [], reason });
const present = (answers: readonly string[], reason: string): DnsAnswer => ({
  rcode: 'NOERROR',
  answers: [...answers].sort(),
  reason,
});
