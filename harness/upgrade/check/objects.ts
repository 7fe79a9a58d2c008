import { z } from 'zod';

const labels = z.record(z.string(), z.string()).default({});
const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().default(''),
  labels,
  annotations: labels,
  ownerReferences: z.array(z.looseObject({ kind: z.string(), name: z.string() })).default([]),
});

const Requests = z.record(z.string(), z.union([z.string(), z.number()])).default({});

const Container = z.looseObject({
  name: z.string(),
  readinessProbe: z.unknown().optional(),
  lifecycle: z.looseObject({ preStop: z.unknown().optional() }).optional(),
  resources: z.looseObject({ requests: Requests }).default({ requests: {} }),
});

/** The fields of objects that the checks read. */
export const Pod = z.looseObject({
  metadata,
  spec: z.looseObject({
    nodeName: z.string().default(''),
    containers: z.array(Container),
    volumes: z.array(z.looseObject({ name: z.string(), emptyDir: z.unknown().optional() })).default([]),
  }),
  status: z.looseObject({ phase: z.string().default('') }).default({ phase: '' }),
});
export type Pod = z.infer<typeof Pod>;

export const Node = z.looseObject({
  metadata,
  spec: z.looseObject({
    unschedulable: z.boolean().default(false),
    taints: z.array(z.looseObject({ effect: z.string() })).default([]),
    podCIDRs: z.array(z.string()).default([]),
  }),
  status: z.looseObject({
    allocatable: Requests,
    nodeInfo: z.looseObject({ kubeletVersion: z.string() }),
  }),
});
export type Node = z.infer<typeof Node>;

export const Service = z.looseObject({
  metadata,
  spec: z.looseObject({ selector: labels, type: z.string().default('ClusterIP') }),
});
export type Service = z.infer<typeof Service>;

export const Budget = z.looseObject({
  metadata,
  status: z
    .looseObject({ disruptionsAllowed: z.int().default(0), expectedPods: z.int().default(0) })
    .default({ disruptionsAllowed: 0, expectedPods: 0 }),
});
export type Budget = z.infer<typeof Budget>;

const ClientConfig = z.looseObject({
  service: z.looseObject({ name: z.string(), namespace: z.string() }).optional(),
  url: z.string().optional(),
  caBundle: z.string().optional(),
});
export const WebhookConfiguration = z.looseObject({
  kind: z.string(),
  metadata,
  webhooks: z
    .array(
      z.looseObject({
        name: z.string(),
        failurePolicy: z.string().default('Fail'),
        clientConfig: ClientConfig,
        rules: z.array(z.looseObject({ resources: z.array(z.string()).default([]) })).default([]),
      }),
    )
    .default([]),
});
export type WebhookConfiguration = z.infer<typeof WebhookConfiguration>;

/** What the API server says of a cluster, as far as it may be read. */
export interface Inventory {
  readonly serverVersion: string;
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  readonly budgets: readonly Budget[];
  readonly webhooks: readonly WebhookConfiguration[];
  /** Prometheus text of the API server; empty where it may not be read. */
  readonly metrics: string;
  /** When the API server's own certificate ends; absent where nobody could look. */
  readonly servingCertificateEnds?: Date;
}

export const nameOf = ({ metadata: { namespace, name } }: { metadata: { namespace: string; name: string } }): string =>
  namespace === '' ? name : `${namespace}/${name}`;

/** Returns the running pods that a Service leads to; none where it has no selector. */
export function podsBehind({ metadata: { namespace }, spec: { selector } }: Service, pods: readonly Pod[]): Pod[] {
  const wanted = Object.entries(selector);
  if (wanted.length === 0) return [];
  return pods.filter(
    (pod) =>
      pod.metadata.namespace === namespace &&
      pod.status.phase === 'Running' &&
      wanted.every(([key, value]) => pod.metadata.labels[key] === value),
  );
}

export const isOf = ({ metadata }: Pod, kind: string): boolean =>
  metadata.ownerReferences.some((owner) => owner.kind === kind);
