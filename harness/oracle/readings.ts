import { decide, type Rulebook } from './decide.ts';
import type { Flow } from './flow.ts';
import { plainReading, type Direction } from './network-policy.ts';
import type { DirectionReason, Dispute } from './types.ts';

/** What one direction says of a flow under every reading that the API leaves open. */
export interface Readings {
  /** After translation, by the client's own address, no domain name matching. */
  readonly plain: DirectionReason | undefined;
  readonly admits: 'always' | 'never' | 'perhaps';
  /** The first reading that decides otherwise than `plain`, and which choice it hangs on. */
  readonly other?: { readonly reason: string; readonly disputed: Dispute };
}

interface Variant {
  readonly disputed: Dispute;
  readonly decided: DirectionReason | undefined;
}

const admits = (decided: DirectionReason | undefined) => decided?.admitted ?? true;

/**
 * Returns what policy says in one direction, in all readings. Source of what is open: Kubernetes "Network Policies",
 * "Behavior of ipBlock selectors" (whether rewriting comes before policy is not defined); the network-policy-api says
 * that domain names are matched by what resolvers answered.
 */
export function readingsOf(rulebook: Rulebook, direction: Direction, flow: Flow): Readings {
  const plain = decide(rulebook, direction, flow);
  const variants = direction === 'egress' ? egressVariants(rulebook, flow) : ingressVariants(rulebook, flow);
  const other = variants.find(({ decided }) => admits(decided) !== admits(plain));
  if (other === undefined) return { plain, admits: admits(plain) ? 'always' : 'never' };
  const { disputed, decided } = other;
  const told = `${admits(decided) ? 'admitted' : 'dropped'}: ${decided?.text ?? 'no policy concerns it'}`;
  return { plain, admits: 'perhaps', other: { disputed, reason: `${lens[disputed] ?? ''}${told}` } };
}

const lens: Partial<Record<Dispute, string>> = {
  'service-address': 'by the address that was dialled it is ',
  'source-address': "by the node's address instead of the client's it is ",
  'domain-names': 'where a domain name stands for this address it is ',
};

function egressVariants(rulebook: Rulebook, flow: Flow): Variant[] {
  const ask = (disputed: Dispute, reading: Partial<typeof plainReading>): Variant => ({
    disputed,
    decided: decide(rulebook, 'egress', flow, { ...plainReading, ...reading }),
  });
  const named = rulebook.hasNames ? [ask('domain-names', { names: true })] : [];
  if (flow.dialled === undefined) return named;
  const both = rulebook.hasNames ? [ask('domain-names', { dialled: true, names: true })] : [];
  return [ask('service-address', { dialled: true }), ...named, ...both];
}

function ingressVariants(rulebook: Rulebook, flow: Flow): Variant[] {
  return (flow.rewritten ?? []).flatMap((from) => {
    const source = from.addresses.find(({ family }) => family === flow.source.family);
    if (source === undefined) return [];
    return [{ disputed: 'source-address' as const, decided: decide(rulebook, 'ingress', { ...flow, from, source }) }];
  });
}
