import { z } from 'zod';
import { Cidr, DnsLabel, DnsSubdomain, IpAddress, Labels, PortName, PortNumber } from '../kube/api-rules.ts';
import { DefaultTcp, OptionalPort, orDefault } from './pod-schema.ts';

const metadata = z.object({
  name: DnsSubdomain,
  namespace: DnsLabel.default('default'),
  labels: Labels.default({}),
});

const ServicePort = z.object({
  name: orDefault(DnsLabel.optional(), ''),
  port: PortNumber,
  protocol: DefaultTcp,
  targetPort: z.preprocess(
    (value) => (value === '' || value === 0 ? undefined : value),
    z.union([PortNumber, PortName]).optional(),
  ),
  nodePort: OptionalPort,
});
const ClusterIp = z.union([IpAddress, z.literal('None')]);
const policy = z.enum(['Cluster', 'Local']).optional();
const Ingress = z.object({ ip: orDefault(IpAddress.optional(), ''), ipMode: z.string().optional() });

const ServiceSpec = z
  .object({
    type: orDefault(z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']).default('ClusterIP'), ''),
    clusterIP: orDefault(ClusterIp.optional(), ''),
    clusterIPs: z
      .array(z.union([ClusterIp, z.literal('')]))
      .default([])
      .transform((all) => all.filter((it) => it !== '')),
    ipFamilies: z.array(z.enum(['IPv4', 'IPv6'])).optional(),
    ports: z.array(ServicePort).default([]),
    selector: Labels.optional(),
    externalName: orDefault(z.string().optional(), ''),
    externalIPs: z.array(IpAddress).optional(),
    loadBalancerSourceRanges: z.array(Cidr).optional(),
    publishNotReadyAddresses: z.boolean().optional(),
    internalTrafficPolicy: policy,
    externalTrafficPolicy: orDefault(policy, ''),
  })
  .refine(({ type, externalName }) => type !== 'ExternalName' || externalName !== undefined, {
    error: 'an ExternalName Service needs externalName',
    path: ['externalName'],
  })
  .refine(({ type, ports, clusterIP }) => type === 'ExternalName' || clusterIP === 'None' || ports.length > 0, {
    error: 'a Service needs a port',
    path: ['ports'],
  })
  .refine(({ ports }) => ports.length < 2 || ports.every(({ name }) => name !== undefined), {
    error: 'several ports need a name each',
    path: ['ports'],
  })
  .refine(({ ports }) => areApart(ports.map(({ port, protocol }) => `${port}/${protocol}`)), {
    error: 'two ports have the same number and protocol',
    path: ['ports'],
  })
  .refine(({ ports }) => areApart(ports.flatMap(({ name }) => name ?? [])), {
    error: 'two ports have the same name',
    path: ['ports'],
  });

const areApart = (values: readonly string[]) => new Set(values).size === values.length;

export const Service = z.object({
  kind: z.literal('Service'),
  metadata,
  spec: ServiceSpec,
  status: z
    .object({ loadBalancer: z.object({ ingress: z.array(Ingress).default([]) }).default({ ingress: [] }) })
    .default({ loadBalancer: { ingress: [] } }),
});
export type ServiceObject = z.infer<typeof Service>;

const TargetRef = z.object({ kind: z.string().optional(), name: z.string().optional() }).optional();
const SlicePort = z.object({ name: z.string().default(''), port: PortNumber.optional(), protocol: DefaultTcp });
const conditions = z
  .object({ ready: z.boolean().optional(), serving: z.boolean().optional(), terminating: z.boolean().optional() })
  .default({});

export const EndpointSlice = z.object({
  kind: z.literal('EndpointSlice'),
  metadata,
  addressType: z.string().default('IPv4'),
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()).default([]),
        conditions,
        hostname: z.string().optional(),
        nodeName: z.string().optional(),
        targetRef: TargetRef,
      }),
    )
    .default([]),
  ports: z.array(SlicePort).default([]),
});
export type SliceObject = z.infer<typeof EndpointSlice>;

const Address = z.object({
  ip: IpAddress,
  hostname: z.string().optional(),
  nodeName: z.string().optional(),
  targetRef: TargetRef,
});
export const Endpoints = z.object({
  kind: z.literal('Endpoints'),
  metadata,
  subsets: z
    .array(
      z.object({
        addresses: z.array(Address).default([]),
        notReadyAddresses: z.array(Address).default([]),
        ports: z.array(SlicePort).default([]),
      }),
    )
    .default([]),
});
export type EndpointsObject = z.infer<typeof Endpoints>;
