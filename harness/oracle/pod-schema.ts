import { z } from 'zod';
import { IpAddress, Labels, PortName, PortNumber } from '../kube/api-rules.ts';
import { Protocol } from '../kube/network-policy.ts';

/** The API server takes "" for absent where it sets a default. */
export const orDefault = <T extends z.ZodType>(schema: T, empty: unknown) =>
  z.preprocess((value) => (value === empty ? undefined : value), schema);
/** TCP where nothing, or "", is written. */
export const DefaultTcp = orDefault(Protocol.default('TCP'), '');
/** A port that 0 leaves out. */
export const OptionalPort = orDefault(PortNumber.optional(), 0);

const ContainerPort = z
  .object({
    name: orDefault(PortName.optional(), ''),
    containerPort: PortNumber,
    protocol: DefaultTcp,
    hostPort: OptionalPort,
    hostIP: orDefault(IpAddress.optional(), ''),
  })
  .transform(({ containerPort, ...rest }) => ({ ...rest, port: containerPort }));
const Container = z.object({ ports: z.array(ContainerPort).default([]), restartPolicy: z.string().optional() });

/** What the network sees of a pod's spec. */
export const PodSpec = z.object({
  nodeName: z.string().default(''),
  nodeSelector: Labels.default({}),
  hostNetwork: z.boolean().default(false),
  hostname: orDefault(z.string().optional(), ''),
  subdomain: orDefault(z.string().optional(), ''),
  containers: z.array(Container).default([]),
  initContainers: z.array(Container).default([]),
});
export type PodSpec = z.infer<typeof PodSpec>;

const addresses = (one: string | undefined, all: readonly { readonly ip: string }[] | undefined): string[] =>
  all?.map(({ ip }) => ip) ?? (one === undefined ? [] : [one]);

/** Some tools write `podIP` alone. */
export const PodStatus = z
  .object({
    phase: z.string().optional(),
    podIP: orDefault(IpAddress.optional(), ''),
    podIPs: z.array(z.object({ ip: IpAddress })).optional(),
    hostIP: orDefault(IpAddress.optional(), ''),
    hostIPs: z.array(z.object({ ip: IpAddress })).optional(),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
  })
  .default({ conditions: [] })
  .transform(({ phase, podIP, podIPs, hostIP, hostIPs, conditions }) => ({
    phase,
    ips: addresses(podIP, podIPs),
    nodeIPs: addresses(hostIP, hostIPs),
    ready: conditions.find(({ type }) => type === 'Ready')?.status,
  }));
export type PodStatus = z.infer<typeof PodStatus>;

export const PodTemplate = z.object({
  metadata: z.object({ labels: Labels.default({}) }).default({ labels: {} }),
  spec: PodSpec,
});
export type PodTemplate = z.infer<typeof PodTemplate>;
