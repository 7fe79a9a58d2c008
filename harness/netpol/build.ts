import type { Action, NamespaceKey, PolicyCase, PolicySpec, PolicyStep, PolicyTemplate } from './types.ts';

type Rule = { peers?: Peer[]; ports?: Port[] };
export type Peer = NonNullable<NonNullable<NonNullable<PolicySpec['ingress']>[number]['from']>>[number];
export type Port = NonNullable<NonNullable<NonNullable<PolicySpec['ingress']>[number]['ports']>>[number];
export type Direction = 'ingress' | 'egress';
export const directions: readonly Direction[] = ['ingress', 'egress'];

export const labelled = (labels: Record<string, string>) => ({ matchLabels: labels });
export const among = (key: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator: 'In' as const, values }],
});
export const notAmong = (key: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator: 'NotIn' as const, values }],
});
export const everything = {};

/** Returns a policy on the pods of `namespace` that `target` selects. */
export function policy(
  namespace: NamespaceKey,
  name: string,
  target: PolicySpec['podSelector'],
  rules: Partial<Record<Direction, readonly Rule[]>>,
): PolicyTemplate {
  return { namespace, name, spec: spec(target, rules) };
}

/** Returns a spec whose policyTypes are exactly the directions given, so that `[]` isolates and absence does not. */
export function spec(
  target: PolicySpec['podSelector'],
  rules: Partial<Record<Direction, readonly Rule[]>>,
): PolicySpec {
  const { ingress, egress } = rules;
  return {
    podSelector: target,
    policyTypes: [
      ...(ingress === undefined ? [] : ['Ingress' as const]),
      ...(egress === undefined ? [] : ['Egress' as const]),
    ],
    ...(ingress === undefined ? {} : { ingress: ingress.map(({ peers, ports }) => clean({ from: peers, ports })) }),
    ...(egress === undefined ? {} : { egress: egress.map(({ peers, ports }) => clean({ to: peers, ports })) }),
  };
}

/** An absent list and an empty one mean the same to the specification, but not always to implementations: keep both. */
function clean<T extends object>(rule: T): T {
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)) as T;
}

export const apply = (template: PolicyTemplate): Action => ({ do: 'apply', policy: template });
export const step = (title: string, ...actions: Action[]): PolicyStep => ({ title, actions });

/** Returns a case of several steps. */
export function inSteps(
  id: string,
  title: string,
  tags: readonly string[],
  steps: PolicyCase['steps'],
  more: Partial<PolicyCase> = {},
): PolicyCase {
  return { id: `networkpolicy-${id}`, title, tags, steps, ...more };
}

/** Returns a case of one step that applies all policies at once. */
export function singleStep(
  id: string,
  title: string,
  tags: readonly string[],
  policies: readonly PolicyTemplate[],
  more: Partial<PolicyCase> = {},
): PolicyCase {
  return inSteps(id, title, tags, [step('policies applied', ...policies.map(apply))], more);
}

/** Kebab-case words of an id. */
export const idOf = (...words: readonly (string | number | undefined)[]) =>
  words
    .filter((word) => word !== undefined && word !== '')
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-');
