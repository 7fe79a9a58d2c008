import { NetworkPolicy } from '../kube/network-policy.ts';

/**
 * Yields every list of policies that is smaller by one thing: a policy, rule, peer, port, selector term or field;
 * large things first. Only policies an API server accepts.
 */
export function* smallerPolicies(policies: readonly NetworkPolicy[]): Generator<NetworkPolicy[]> {
  for (const at of policies.keys()) yield policies.toSpliced(at, 1);
  for (const [at, policy] of policies.entries()) {
    for (const spec of smallerValues(policy.spec)) {
      const candidate = NetworkPolicy.safeParse({ ...policy, spec: withSelector(spec) });
      if (candidate.success) yield policies.with(at, candidate.data);
    }
  }
}

/** `podSelector` is a required field: its smallest form is the empty selector, not its absence. */
function withSelector(spec: unknown): unknown {
  return isRecord(spec) ? { podSelector: {}, ...spec } : spec;
}

function* smallerValues(value: unknown): Generator {
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    for (const at of items.keys()) yield items.toSpliced(at, 1);
    for (const [at, item] of items.entries()) for (const it of smallerValues(item)) yield items.with(at, it);
  } else if (isRecord(value)) {
    for (const key of Object.keys(value)) yield Object.fromEntries(Object.entries(value).filter(([it]) => it !== key));
    for (const [key, field] of Object.entries(value))
      for (const it of smallerValues(field)) yield { ...value, [key]: it };
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns the smallest list reached by taking away one thing at a time while `stillShows` holds; at most `budget`
 * questions are asked. No single thing can be taken from the result unless the budget ran out.
 */
export async function shrink(
  policies: readonly NetworkPolicy[],
  stillShows: (policies: readonly NetworkPolicy[]) => Promise<boolean>,
  budget: number,
): Promise<readonly NetworkPolicy[]> {
  let left = budget;
  const step = async (current: readonly NetworkPolicy[]): Promise<readonly NetworkPolicy[] | undefined> => {
    const size = sizeOf(current);
    for (const candidate of smallerPolicies(current)) {
      if (sizeOf(candidate) >= size) continue;
      if (left <= 0) return undefined;
      left -= 1;
      if (await stillShows(candidate)) return candidate;
    }
    return undefined;
  };
  let smallest = policies;
  for (let next = await step(smallest); next !== undefined; next = await step(smallest)) smallest = next;
  return smallest;
}

/** Putting an empty selector back must not count as progress, or shrinking would not end. */
function sizeOf(policies: readonly NetworkPolicy[]): number {
  return JSON.stringify(policies.map((policy) => policy.spec)).length;
}
