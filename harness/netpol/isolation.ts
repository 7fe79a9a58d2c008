import { labelsAsMade, wholeGridCells } from './grid-layout.ts';
import { isolates } from '../oracle/network-policy.ts';
import { compileSelector } from '../oracle/selector.ts';
import { directions, everything } from './build.ts';
import type { GridFacts, PolicyCase, PolicyTemplate } from './types.ts';

/** Which pods a policy is about never depends on addresses. */
const anyFacts: GridFacts = { ip: () => '192.0.2.1', podRange: () => '192.0.2.0/26', namespace: (key) => key };

/** Returns who is isolated by the first step of a case, as below. */
export function firstIsolation({ steps }: Pick<PolicyCase, 'steps'>): string {
  return isolationBy((steps[0]?.actions ?? []).flatMap((action) => (action.do === 'apply' ? [action.policy] : [])));
}

/** Returns who is isolated by these policies, and in which directions: `x/a egress,x/a ingress`. */
export function isolationBy(policies: readonly PolicyTemplate[]): string {
  return [...new Set(policies.flatMap(isolatedBy))].sort().join();
}

function isolatedBy({ namespace, name, spec: template }: PolicyTemplate): string[] {
  const spec = typeof template === 'function' ? template(anyFacts) : template;
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace, name },
    spec,
  } as const;
  const selects = compileSelector(spec.podSelector ?? everything);
  const pods = wholeGridCells.filter(({ ns, pod }) => ns === namespace && selects(labelsAsMade(`${ns}/${pod}`)));
  const isolated = directions.filter((direction) => isolates(policy, direction));
  return pods.flatMap(({ ns, pod }) => isolated.map((direction) => `${ns}/${pod} ${direction}`));
}
