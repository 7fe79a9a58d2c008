import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import { describeRights, leastRights, may, type Right, type Rights } from '../kube/rights.ts';
import type { Kube } from '../kube/types.ts';
import { leaseRights } from './run-lease.ts';
import { agentRights } from '../probe/rights.ts';

const Review = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });

/** Asks the API server whether we may. @throws KubeError */
export async function isAllowed(kube: Kube, { verb, group, resource: path, namespace, name }: Right): Promise<boolean> {
  const [resource, subresource] = path.split('/');
  const resourceAttributes = { verb, group, resource, subresource, namespace, name };
  const spec = { resourceAttributes };
  const review = await kube.create({
    ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', metadata: {} },
    spec,
  });
  return Review.parse(review).status.allowed;
}

/** What no run can do without: namespaces of its own with agents in them, and to know the nodes. */
export const indispensable: Rights = [
  ...may(['create', 'patch', 'get', 'list', 'delete'], 'namespaces'),
  ...may(['get'], 'serviceaccounts', { name: 'default' }),
  ...may(['list'], 'nodes'),
  ...leaseRights,
  ...agentRights,
];

/** Returns those of these rights that the account lacks, each once. @throws KubeError */
export async function lackedRights(kube: Kube, rights: Rights): Promise<Right[]> {
  const each = leastRights(rights);
  const allowed = await Promise.all(each.map((right) => isAllowed(kube, right)));
  return each.filter((_, index) => allowed[index] === false);
}

/** Refuses a cluster on which a run could not do its work. @throws OrdealError ENVIRONMENT listing what is missing. */
export async function requireRights(kube: Kube, rights: Rights = indispensable): Promise<void> {
  const lacked = await lackedRights(kube, rights);
  if (lacked.length === 0) return;
  throw new OrdealError(
    'ENVIRONMENT',
    `the user of this kubeconfig may not do what a run needs: ${describeRights(lacked)}`,
    {
      remedy: '`ordeal rights -o yaml` prints the roles that a selection of cases needs; or use another --context.',
    },
  );
}
