import type { Protocol } from '../kube/network-policy.ts';

export type Source =
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'external'; readonly ip: string };

/**
 * `ip` picks one address of a dual-stack target; absent: the first of a family the source has. A Service by name and by
 * IP judge the same. The name of a workload means all its pods.
 */
export type Destination =
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string; readonly ip?: string }
  | { readonly kind: 'service'; readonly namespace: string; readonly name: string; readonly ip?: string }
  | { readonly kind: 'node'; readonly name: string; readonly ip?: string }
  | { readonly kind: 'external'; readonly ip: string };

/** One question to the oracle. `port` is what the client dials: for a Service its port, not the target port. */
export interface Attempt {
  readonly from: Source;
  readonly to: Destination;
  readonly port: number;
  readonly protocol: Protocol;
}

/**
 * `mixed`: the Service or workload has pods of different verdicts, so it depends on which one is met. `undecided`: the
 * API leaves open what happens, `disputed` says why; such a cell neither agrees nor disagrees with anything.
 */
export type ExpectedVerdict = 'open' | 'dropped' | 'refused' | 'unreachable' | 'mixed' | 'undecided';

/**
 * Why implementations may differ from the verdict without breaking the specification. `hairpin`: a pod reaches itself
 * through its Service. `host-network`: policy on or about hostNetwork pods. `own-node`: a pod's egress to the node it
 * runs on. `equal-priority`: two tier policies of one priority disagree. `service-port`: a port its Service lacks.
 * Of `undecided` verdicts: `external-name`: a CNAME out of the cluster. `domain-names`: an address a rule's names may or
 * may not resolve to. `service-address`: an ipBlock that admits the endpoint but not the Service's address, or the
 * reverse. `source-address`: a client whose address a node may have put its own in place of.
 */
export type Dispute =
  | 'hairpin'
  | 'host-network'
  | 'own-node'
  | 'equal-priority'
  | 'service-port'
  | 'external-name'
  | 'domain-names'
  | 'service-address'
  | 'source-address';

export type Tier = 'admin' | 'networkpolicy' | 'baseline';

/** What one direction (egress of the source, ingress of the destination) decided. Counts are 1-based. */
export interface DirectionReason {
  readonly direction: 'egress' | 'ingress';
  readonly admitted: boolean;
  /** Absent: nothing selects the pod, so the default (allow) or an exemption applies. */
  readonly tier?: Tier;
  /** The deciding policy, or the isolating ones when none of their rules admits: `x/deny-all`, `AdminNetworkPolicy/a`. */
  readonly policies: readonly string[];
  readonly rule?: number;
  readonly peer?: number;
  readonly text: string;
  readonly disputed?: Dispute;
}

export interface Reason {
  /** One line: "dropped: ingress of x/b isolated by x/deny-all, no rule admits y/a on TCP 80". */
  readonly text: string;
  readonly egress?: DirectionReason;
  readonly ingress?: DirectionReason;
}

export interface Judgement {
  readonly verdict: ExpectedVerdict;
  readonly reason: Reason;
  readonly disputed?: Dispute;
  /** Through a Service: whom its endpoints may hand the packet to, `x/a`. */
  readonly reaches?: readonly string[];
}

export interface Cell extends Attempt, Judgement {}

/** Cells in the order of the attempts asked. */
export interface Table {
  readonly cells: readonly Cell[];
}
