/** What the API server lets an account do, as RBAC has it. */
export const verbs = ['get', 'list', 'watch', 'create', 'patch', 'delete'] as const;
export type Verb = (typeof verbs)[number];

export interface Right {
  readonly verb: Verb;
  /** API group; '' for the core group. */
  readonly group: string;
  /** With its subresource: `pods/exec`. */
  readonly resource: string;
  /** Absent: in all namespaces, since nobody can know before what those of a run are called. */
  readonly namespace?: string;
  /** On objects of this name alone. */
  readonly name?: string;
}
export type Rights = readonly Right[];

/**
 * Returns the rights to do so with a resource, named as `kubectl` names it: `pods/exec`, `deployments.apps`. Server-side
 * apply takes `patch`, and `create` where the object is not there yet.
 */
export function may(what: readonly Verb[], kubectlName: string, only: Pick<Right, 'namespace' | 'name'> = {}): Right[] {
  const [, plural = '', group = '', subresource = ''] =
    /^([a-z]+)(?:\.([a-z0-9.-]+))?(\/[a-z]+)?$/.exec(kubectlName) ?? [];
  return what.map((verb) => ({ verb, group, resource: `${plural}${subresource}`, ...only }));
}

/** To apply objects, read them and have them gone. */
export const manage = ['create', 'patch', 'get', 'delete'] as const;

/** Returns `deployments.apps` or `pods/exec`. */
export function resourceName({ group, resource }: Pick<Right, 'group' | 'resource'>): string {
  const [plural = '', subresource] = resource.split('/');
  return `${group === '' ? plural : `${plural}.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
}

/** Returns what tells one right from another. */
export function rightKey({ verb, namespace = '', name = '', ...resource }: Right): string {
  return [verb, resourceName(resource), namespace, name].join(' ');
}

/** Returns each right once, without those that a wider one of them includes. */
export function leastRights(rights: Rights): Right[] {
  const each = new Map(rights.map((right) => [rightKey(right), right]));
  return [...each.values()].filter((right) => !widerThan(right).some((wider) => each.has(rightKey(wider))));
}

function widerThan({ namespace, name, ...right }: Right): Right[] {
  const everywhere =
    namespace === undefined || name === undefined
      ? []
      : [
          { ...right, name },
          { ...right, namespace },
        ];
  return namespace === undefined && name === undefined ? [] : [right, ...everywhere];
}

/** Returns rights in words, by resource: `get/list pods, patch configmaps coredns in kube-system`. */
export function describeRights(rights: Rights): string {
  const place = ({ namespace, name }: Right) =>
    `${name === undefined ? '' : ` ${name}`}${namespace === undefined ? '' : ` in ${namespace}`}`;
  const by = Map.groupBy(rights, (right) => `${resourceName(right)}${place(right)}`);
  return [...by].map(([what, of]) => `${of.map(({ verb }) => verb).join('/')} ${what}`).join(', ');
}
