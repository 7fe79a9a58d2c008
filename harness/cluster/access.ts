import { z } from 'zod';
import { OrdealError, SkipError } from '../base/errors.ts';
import type { Kube } from '../kube/types.ts';

export interface Right {
  readonly verb: string;
  /** API group; '' for the core group. */
  readonly group: string;
  /** With its subresource: `pods/exec`. */
  readonly resource: string;
  /** Absent = in all namespaces. */
  readonly namespace?: string;
}

const Review = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });

/** Asks the API server whether we may. @throws KubeError */
export async function isAllowed(kube: Kube, { verb, group, resource: path, namespace }: Right): Promise<boolean> {
  const [resource, subresource] = path.split('/');
  const resourceAttributes = { verb, group, resource, subresource, namespace };
  const spec = { resourceAttributes };
  const review = await kube.create({
    ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', metadata: {} },
    spec,
  });
  return Review.parse(review).status.allowed;
}

/** For a case that needs a right which a run as a whole does not. @throws SkipError naming it. */
export async function requireRight(kube: Kube, right: Right): Promise<void> {
  if (await isAllowed(kube, right)) return;
  throw new SkipError(
    `needs the right to ${right.verb} ${right.resource}; found: the user of this kubeconfig lacks it`,
  );
}

const manage = ['get', 'list', 'create', 'patch', 'delete'];
const core = (resource: string, verbs: readonly string[]) => ({ group: '', resource, verbs });

/** What a run does on a cluster: make namespaces, fill them with pods, Services, workloads and policies, look. */
const needed: readonly { group: string; resource: string; verbs: readonly string[] }[] = [
  core('namespaces', manage),
  core('pods', manage),
  // A WebSocket begins with GET; newer API servers check `create` for the stream itself besides.
  core('pods/exec', ['get', 'create']),
  core('pods/portforward', ['get', 'create']),
  core('pods/log', ['get']),
  core('services', manage),
  core('configmaps', ['get', 'create', 'patch', 'delete']),
  core('serviceaccounts', ['get']),
  core('nodes', ['get', 'list']),
  core('events', ['list']),
  { group: 'apps', resource: 'deployments', verbs: manage },
  { group: 'apps', resource: 'statefulsets', verbs: manage },
  { group: 'apps', resource: 'daemonsets', verbs: manage },
  { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['get', 'list', 'create', 'patch', 'delete'] },
  { group: 'networking.k8s.io', resource: 'networkpolicies', verbs: manage },
];

/** Returns every right a run needs. */
export function neededRights(): Right[] {
  return needed.flatMap(({ group, resource, verbs }) => verbs.map((verb) => ({ verb, group, resource })));
}

/** Returns in words what of these the account may not do; '' where it may all. @throws KubeError */
export async function lackedRights(kube: Kube, rights: readonly Right[] = neededRights()): Promise<string> {
  const answers = await Promise.all(rights.map(async (right) => ({ right, allowed: await isAllowed(kube, right) })));
  return describe(answers.filter(({ allowed }) => !allowed).map(({ right }) => right));
}

/** Refuses a cluster on which a run could not do its work. @throws OrdealError ENVIRONMENT listing what is missing. */
export async function requireRights(kube: Kube, rights: readonly Right[] = neededRights()): Promise<void> {
  const lacking = await lackedRights(kube, rights);
  if (lacking === '') return;
  throw new OrdealError('ENVIRONMENT', `the user of this kubeconfig may not do what a run needs: ${lacking}`, {
    remedy: 'Grant these in all namespaces (a ClusterRole and a ClusterRoleBinding), or use another --context.',
  });
}

function describe(missing: readonly Right[]): string {
  const byResource = Map.groupBy(missing, ({ group, resource }) => (group === '' ? resource : `${resource}.${group}`));
  return [...byResource]
    .map(([resource, rights]) => `${rights.map(({ verb }) => verb).join('/')} ${resource}`)
    .join(', ');
}
