import { tablePorts } from '../../../harness/case/grid-layout.ts';
import type { CaseContext, Grid } from '../../../harness/case/types.ts';
import type { NetworkPolicy } from '../../../harness/oracle/types.ts';
import { act } from './act.ts';
import { type Direction, everything, policy } from './build.ts';
import type { GridState } from './state.ts';
import type { NamespaceKey, PolicyTemplate } from './types.ts';

const name = 'canary';
const keys: readonly NamespaceKey[] = ['z', 'y', 'x'];
const dnsPorts = (['UDP', 'TCP'] as const).map((protocol) => ({ port: 53, protocol }));

/** How many canaries a grid has had: each closes another port than the one before. */
const flown = new WeakMap<Grid, number>();

/** Where a canary can be seen: no other policy has a say about this direction there. */
interface Perch {
  readonly namespace: NamespaceKey;
  readonly direction: Direction;
}

/**
 * Runs `work` while one more policy holds that closes one port. A step that should change nothing would agree before the
 * cluster has even read it; where the canary is in force, so is what came before it. A CNI brings its pods up to date
 * one by one, so the canary sits on the very pods the step's policies are about, in the direction they leave alone. It
 * never closes the port the last one closed: that one may be in force still, when nobody reads policies any more. Where
 * every namespace is isolated both ways, `work` runs without.
 */
export async function withCanary(ctx: CaseContext, state: GridState, work: () => Promise<void>): Promise<void> {
  const perches = perchesIn(state);
  if (perches.length === 0) return work();
  const turn = flown.get(state.grid) ?? 0;
  flown.set(state.grid, turn + 1);
  const closed = turn % tablePorts.length;
  await Promise.all(perches.map((perch) => act(ctx, state, { do: 'apply', policy: canary(perch, closed) })));
  await work();
  await Promise.all(perches.map(({ namespace }) => act(ctx, state, { do: 'delete-policy', namespace, name })));
}

/** Returns a policy that admits every port but one. */
export function canary({ namespace, direction }: Perch, closed: number): PolicyTemplate {
  const ports = tablePorts.filter((_, index) => index !== closed);
  const rule = { ports: direction === 'egress' ? [...ports, ...dnsPorts] : ports };
  return policy(namespace, name, everything, { [direction]: [rule] });
}

/** A perch in every namespace with policies, as far as they leave one; else one anywhere. */
function perchesIn(state: GridState): readonly Perch[] {
  const near = keys.filter((key) => policiesIn(state, key).length > 0).flatMap((key) => perchOf(state, key) ?? []);
  return near.length > 0 ? near : keys.flatMap((key) => perchOf(state, key) ?? []).slice(0, 1);
}

function perchOf(state: GridState, namespace: NamespaceKey): Perch | undefined {
  const there = policiesIn(state, namespace);
  if (!there.some(speaksOfIngress)) return { namespace, direction: 'ingress' };
  return there.some(speaksOfEgress) ? undefined : { namespace, direction: 'egress' };
}

function policiesIn(state: GridState, key: NamespaceKey): readonly NetworkPolicy[] {
  const real = state.real(key);
  return [...state.policies.values()].filter((one) => one.metadata.namespace === real);
}

/** A section that policyTypes leave out counts too: some CNIs enforce it. */
const speaksOfIngress = ({ spec }: NetworkPolicy): boolean =>
  spec.ingress !== undefined || (spec.policyTypes?.includes('Ingress') ?? true);
const speaksOfEgress = ({ spec }: NetworkPolicy): boolean =>
  spec.egress !== undefined || (spec.policyTypes?.includes('Egress') ?? false);
