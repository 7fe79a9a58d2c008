import type { ClusterModel } from './model-types.ts';
import { OrdealError } from '../base/errors.ts';
import type { Attempt, Destination, Source } from './types.ts';

type Wire = Pick<Attempt, 'port' | 'protocol'>;

/** Returns the source a person wrote: `NAMESPACE/POD`, `node:NAME` or an IP address. */
export function parseSource(text: string): Source {
  if (text.startsWith('node:')) return { kind: 'node', name: text.slice(5) };
  const named = namespaced(text);
  return named === undefined ? { kind: 'external', ip: text } : { kind: 'pod', ...named };
}

/**
 * Returns destination, port and protocol of `HOST:PORT[/PROTOCOL]`, where HOST is `NAMESPACE/POD`,
 * `svc:NAMESPACE/NAME`, `node:NAME`, an IP address, or `NAMESPACE/SERVICE` where no pod has that name. @throws OrdealError USAGE
 * for anything else.
 */
export function parseTarget(text: string, model: ClusterModel): Wire & { to: Destination } {
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<host>[^:]+|(?:svc|node):[^:]+)):(?<wire>[^:]+)$/i.exec(text);
  const { v6, host = v6, wire } = match?.groups ?? {};
  if (host === undefined || wire === undefined) throw malformed(text);
  return { to: destination(host, model), ...parseWire(wire) };
}

/** Returns port and protocol of `80`, `80/udp`. @throws OrdealError USAGE for anything else. */
export function parseWire(text: string): Wire {
  const { port, name = 'tcp' } = /^(?<port>\d+)(?:\/(?<name>tcp|udp|sctp))?$/i.exec(text)?.groups ?? {};
  const number = Number(port ?? NaN);
  if (!(number >= 1 && number <= 65535)) throw malformed(text);
  const upper = name.toUpperCase();
  return { port: number, protocol: upper === 'UDP' || upper === 'SCTP' ? upper : 'TCP' };
}

function malformed(text: string): OrdealError {
  return new OrdealError('USAGE', `"${text}" does not name a port and an end`, {
    remedy: 'Write NAMESPACE/POD:PORT[/tcp|udp|sctp], for example x/web:80 or svc:x/dns:53/udp.',
  });
}

function destination(text: string, model: ClusterModel): Destination {
  if (text.startsWith('node:')) return { kind: 'node', name: text.slice(5) };
  const named = namespaced(text.replace(/^svc:/, ''));
  if (named === undefined) return { kind: 'external', ip: text };
  const called = (it: { namespace: string; name: string }) =>
    it.namespace === named.namespace && it.name === named.name;
  const service = text.startsWith('svc:') || (!model.pods.some(called) && model.services.some(called));
  return { kind: service ? 'service' : 'pod', ...named };
}

function namespaced(text: string): { namespace: string; name: string } | undefined {
  const [namespace, name, ...more] = text.split('/');
  return namespace === undefined || name === undefined || more.length > 0 ? undefined : { namespace, name };
}

/** Returns an end as a person writes it: `x/a`, `svc:x/web`, `node:n1`, `10.0.0.1`. */
export function describeEnd(end: Source | Destination): string {
  if (end.kind === 'pod') return `${end.namespace}/${end.name}`;
  if (end.kind === 'service') return `svc:${end.namespace}/${end.name}`;
  return end.kind === 'node' ? `node:${end.name}` : end.ip;
}
