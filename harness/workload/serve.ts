import { z } from 'zod';
import { InconclusiveError } from '../base/errors.ts';
import type { CaseContext } from '../case/types.ts';
import type { KubeObject, ObjectRef } from '../kube/types.ts';
import { serviceObject, serviceRef, type PortSpec, type ServiceSpec } from './objects.ts';
import { fleet } from './fleet.ts';

const StoredService = z.looseObject({
  spec: z.looseObject({
    clusterIPs: z.array(z.string()).default([]),
    healthCheckNodePort: z.number().optional(),
    ports: z
      .array(z.looseObject({ port: z.number(), protocol: z.string(), nodePort: z.number().optional() }))
      .default([]),
  }),
});

/** A Service the API server has stored, with what it allocated. */
export interface Served {
  readonly ref: ObjectRef;
  /** As stored: what the oracle reads. */
  readonly object: KubeObject;
  readonly name: string;
  readonly namespace: string;
  /** `name.namespace.svc.<cluster domain>` */
  readonly fqdn: string;
  /** First cluster IP; empty for headless and ExternalName. */
  readonly ip: string;
  readonly ips: readonly string[];
  readonly healthCheckNodePort: number | undefined;
  /** Node port of a Service port. @throws InconclusiveError when none was allocated. */
  nodePort(port: number, protocol?: 'TCP' | 'UDP'): number;
}

/** Labels that select the standing pods of the fleet, in the fleet's namespace. */
export const fleetSelector = { 'ordeal.dev/fleet': 'pod' } as const;
/** Labels that select the hostNetwork agents, in theirs. */
export const hostSelector = { 'ordeal.dev/fleet': 'host' } as const;

/** Applies a Service, removed after the case, and returns it as stored. */
export async function serve(ctx: CaseContext, spec: ServiceSpec): Promise<Served> {
  await ctx.apply(serviceObject(spec));
  return readService(ctx, serviceRef(spec.namespace, spec.name));
}

/**
 * Applies a Service in front of all standing pods: real endpoints without the seconds new pods cost. Its name is the
 * case's id (plus `suffix`), unique in the run, so that cases may share the fleet's namespace.
 */
export function serveFleet(
  ctx: CaseContext,
  ports: readonly PortSpec[],
  more: ServiceSpec['more'] = {},
  suffix = '',
): Promise<Served> {
  return serve(ctx, { ...fleetPlace(ctx, suffix), selector: fleetSelector, ports, more });
}

/** Returns name and namespace for an object of this case in the fleet's namespace. */
export function fleetPlace(ctx: CaseContext, suffix = ''): { name: string; namespace: string } {
  const namespace = ctx.use(fleet).agents[0]?.namespace;
  if (namespace === undefined) throw new InconclusiveError('the standing fleet has no pods');
  return { name: `${ctx.caseId}${suffix}`.slice(0, 63), namespace };
}

/** Returns a stored Service. @throws InconclusiveError when it is gone. */
export async function readService(ctx: CaseContext, ref: ObjectRef): Promise<Served> {
  const stored = await ctx.kube.get(ref);
  if (stored === undefined) throw new InconclusiveError(`Service ${ref.name} vanished while the case used it`);
  const { spec } = StoredService.parse(stored);
  const ips = spec.clusterIPs.filter((ip) => ip !== 'None' && ip !== '');
  const namespace = ref.namespace ?? '';
  return {
    ref,
    object: { ...stored, apiVersion: 'v1', kind: 'Service' },
    name: ref.name,
    namespace,
    fqdn: `${ref.name}.${namespace}.svc.${ctx.cluster.info.clusterDomain}`,
    ip: ips[0] ?? '',
    ips,
    healthCheckNodePort: spec.healthCheckNodePort,
    nodePort: (port, protocol = 'TCP') => nodePortOf(spec.ports, port, protocol, ref.name),
  };
}

function nodePortOf(
  ports: readonly { port: number; protocol: string; nodePort?: number | undefined }[],
  port: number,
  protocol: string,
  name: string,
): number {
  const found = ports.find((one) => one.port === port && one.protocol === protocol)?.nodePort;
  if (found === undefined) throw new InconclusiveError(`Service ${name} got no node port for ${port}/${protocol}`);
  return found;
}
