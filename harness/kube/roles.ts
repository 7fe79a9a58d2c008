import type { KubeObject } from './types.ts';
import { leastRights, type Right, type Rights } from './rights.ts';

/** A ServiceAccount by its place. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/**
 * Returns a ClusterRole with the rights that are not of one namespace, and a Role in each namespace for the others, all of
 * that name; with an account also what binds it to them (RBAC v1).
 */
export function rolesFor(rights: Rights, name: string, account?: Account): KubeObject[] {
  const by = Map.groupBy(leastRights(rights), ({ namespace }) => namespace);
  return [...by].flatMap(([namespace, some]) => {
    const kind = namespace === undefined ? 'ClusterRole' : 'Role';
    const metadata = namespace === undefined ? { name } : { name, namespace };
    const role = { apiVersion: rbac, kind, metadata, rules: rulesFor(some) };
    return account === undefined ? [role] : [role, binding(kind, metadata, account)];
  });
}

const rbac = 'rbac.authorization.k8s.io/v1';

function binding(kind: 'ClusterRole' | 'Role', metadata: KubeObject['metadata'], account: Account): KubeObject {
  return {
    ...{ apiVersion: rbac, kind: `${kind}Binding`, metadata },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: metadata.name },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  };
}

/** One rule for all resources of a group of which the same may be done. */
function rulesFor(rights: Rights): Rule[] {
  const each = Map.groupBy(rights, ({ group, resource, name = '' }) => [group, resource, name].join(' '));
  const alike = Map.groupBy([...each.values()], (of) => {
    const [first] = of;
    return [first?.group, first?.name, ...verbsOf(of)].join(' ');
  });
  return [...alike.values()].map((of) => ruleOf(of.flat()));
}

function ruleOf(rights: Rights): Rule {
  const names = [...new Set(rights.flatMap(({ name }) => name ?? []))];
  return {
    apiGroups: [...new Set(rights.map(({ group }) => group))],
    resources: [...new Set(rights.map(({ resource }) => resource))].sort(),
    ...(names.length === 0 ? {} : { resourceNames: names }),
    verbs: verbsOf(rights),
  };
}

const verbsOf = (rights: readonly Right[]) => [...new Set(rights.map(({ verb }) => verb))].sort();
