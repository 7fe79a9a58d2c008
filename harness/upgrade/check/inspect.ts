import { connect as connectTls } from 'node:tls';
import { z } from 'zod';
import { readIfAllowed } from '../../cluster/read-if-allowed.ts';
import type { Kube, KubeObject } from '../../kube/types.ts';
import { certificateFindings } from './certificates.ts';
import { budgetFindings, roomFindings, strandedFindings } from './drains.ts';
import type { Finding } from './finding.ts';
import { Budget, type Inventory, Node, Pod, Service, WebhookConfiguration } from './objects.ts';
import { serviceFindings } from './services.ts';
import { deprecatedFindings, nextMinor, skewFindings } from './versions.ts';
import { webhookFindings } from './webhooks.ts';

const severities = ['critical', 'warning', 'info'] as const;

/**
 * Returns what an upgrade to `target` (default: the next minor version) would stumble over, gravest first. What may not
 * be read is a finding too. @throws KubeError where the API server does not answer.
 */
export async function inspect(
  kube: Kube,
  options: { target?: string | undefined; now?: Date } = {},
): Promise<Finding[]> {
  const { inventory, unread } = await take(kube);
  const target = options.target ?? nextMinor(inventory.serverVersion);
  const found = [
    ...skewFindings(inventory, target),
    ...deprecatedFindings(inventory, target),
    ...budgetFindings(inventory),
    ...strandedFindings(inventory),
    ...roomFindings(inventory),
    ...serviceFindings(inventory),
    ...webhookFindings(inventory),
    ...certificateFindings(inventory, options.now ?? new Date()),
    ...unread,
  ];
  return found.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

async function take(kube: Kube): Promise<{ inventory: Inventory; unread: Finding[] }> {
  const unread: Finding[] = [];
  const list = async <T>(kind: string, apiVersion: string, schema: z.ZodType<T>): Promise<T[]> => {
    const objects = await readIfAllowed(kube.list({ apiVersion, kind }));
    if (objects === undefined) unread.push(unreadFinding(kind));
    // Items of a list come without their kind.
    return (objects ?? []).map((object: KubeObject) => schema.parse({ ...object, kind }));
  };
  const admission = 'admissionregistration.k8s.io/v1';
  const [version, pods, nodes, services, budgets, mutating, validating, metrics, ends] = await Promise.all([
    kube.raw('/version'),
    list('Pod', 'v1', Pod),
    list('Node', 'v1', Node),
    list('Service', 'v1', Service),
    list('PodDisruptionBudget', 'policy/v1', Budget),
    list('MutatingWebhookConfiguration', admission, WebhookConfiguration),
    list('ValidatingWebhookConfiguration', admission, WebhookConfiguration),
    readIfAllowed(kube.raw('/metrics')),
    servingCertificateEnds(kube),
  ]);
  if (metrics === undefined) unread.push(unreadFinding('/metrics of the API server'));
  const inventory = {
    ...{ pods, nodes, services, budgets, webhooks: [...mutating, ...validating], metrics: textOf(metrics) },
    serverVersion: z.looseObject({ gitVersion: z.string() }).parse(version).gitVersion,
    ...(ends === undefined ? {} : { servingCertificateEnds: ends }),
  };
  return { inventory, unread };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

function unreadFinding(what: string): Finding {
  return {
    ...{ check: 'rights', severity: 'info', object: what },
    what: 'this user may not read it: what it would show is not known',
    remedy: 'check again with a user who may, such as one with the ClusterRole view and pods, nodes, webhooks',
  };
}

const Slices = z.looseObject({ endpoints: z.array(z.looseObject({ addresses: z.array(z.string()) })).default([]) });
const lookMs = 3_000;

/** Where this machine reaches the address that the API server itself announces; else nobody looks. */
async function servingCertificateEnds(kube: Kube): Promise<Date | undefined> {
  const query = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespace: 'default' };
  const slices = (await readIfAllowed(kube.list(query))) ?? [];
  const host = slices
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'kubernetes')
    .flatMap((slice) => Slices.parse(slice).endpoints.flatMap(({ addresses }) => addresses))[0];
  if (host === undefined) return undefined;
  return new Promise((resolve) => {
    // Nothing is sent and nothing trusted: only the date is read.
    const socket = connectTls({ host, port: 6443, rejectUnauthorized: false, timeout: lookMs }, () => {
      resolve(new Date(socket.getPeerCertificate().valid_to));
      socket.destroy();
    });
    const giveUp = () => {
      socket.destroy();
      resolve(undefined);
    };
    socket.on('error', giveUp).on('timeout', giveUp);
  });
}
