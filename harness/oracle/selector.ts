import type { LabelSelector } from '../kube/network-policy.ts';
import type { Labels } from './model-types.ts';

export type LabelTest = (labels: Labels) => boolean;
type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

const valueOf = (labels: Labels, key: string) => (Object.hasOwn(labels, key) ? labels[key] : undefined);

/**
 * Returns a test equal to the selector; an empty selector accepts all labels. `NotIn` accepts a missing key. Source:
 * Kubernetes "Labels and Selectors", set-based requirements.
 */
export function compileSelector(selector: LabelSelector): LabelTest {
  const equal = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): LabelTest =>
      (labels) =>
        valueOf(labels, key) === value,
  );
  const tests = [...equal, ...(selector.matchExpressions ?? []).map(compileRequirement)];
  return (labels) => tests.every((test) => test(labels));
}

function compileRequirement({ key, operator, values }: Requirement): LabelTest {
  const listed = new Set<string | undefined>(values);
  switch (operator) {
    case 'In':
      return (labels) => listed.has(valueOf(labels, key));
    case 'NotIn':
      return (labels) => !listed.has(valueOf(labels, key));
    case 'Exists':
      return (labels) => Object.hasOwn(labels, key);
    case 'DoesNotExist':
      return (labels) => !Object.hasOwn(labels, key);
  }
}
