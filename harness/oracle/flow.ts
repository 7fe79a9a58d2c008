import type { Address } from '../base/cidr.ts';
import type { Protocol } from '../kube/network-policy.ts';
import type { Party } from './party.ts';
import type { Attempt, Dispute, ExpectedVerdict } from './types.ts';

export type Wire = Pick<Attempt, 'port' | 'protocol'>;

/** One packet path after translation; `source` and `target` are of one address family. */
export interface Flow {
  readonly from: Party;
  readonly to: Party;
  readonly source: Address;
  readonly target: Address;
  readonly port: number;
  readonly protocol: Protocol;
  readonly hairpin: boolean;
  /** Address and port the client dialled, where they were translated. */
  readonly dialled?: { readonly address: Address; readonly port: number };
  /** Who the destination may see instead of `from`: a node that put its own address in the client's place. */
  readonly rewritten?: readonly Party[];
}

/** Where an attempt leads: flows to judge, or the verdict at once where no packet can leave. */
export type Resolution =
  | { readonly flows: readonly Flow[]; readonly via?: string }
  | { readonly verdict: ExpectedVerdict; readonly text: string; readonly disputed?: Dispute };

/** What a destination becomes: a party, its possible addresses, and the port it is reached at. */
export interface Target extends Wire {
  readonly party: Party;
  readonly addresses: readonly Address[];
}

/** What translation adds to a flow. */
export type Translation = Pick<Flow, 'dialled' | 'rewritten'> & { readonly viaService: boolean };

/** Returns the flows to these targets, each by the first address of a family that the source has too. */
export function asResolution(
  from: Party,
  targets: readonly Target[],
  translation: Translation = { viaService: false },
): Exclude<Resolution, { via?: string }> | { flows: readonly Flow[] } {
  const { viaService, ...rest } = translation;
  const flows = targets.flatMap(({ party, addresses, port, protocol }): Flow[] => {
    const target = addresses.find((it) => sourceOf(from, it) !== undefined);
    const source = target === undefined ? undefined : sourceOf(from, target);
    if (source === undefined || target === undefined) return [];
    const hairpin = viaService && party.name === from.name;
    return [{ from, to: party, source, target, port, protocol, hairpin, ...rest }];
  });
  if (flows.length > 0) return { flows };
  return { verdict: 'unreachable', text: `${from.name} has no address of the destination's family` };
}

const sourceOf = (from: Party, target: Address) => from.addresses.find((it) => it.family === target.family);
