import type { CniName, MeshName } from '../../../clusters/names.ts';
import type { Cni } from '../../../clusters/product.ts';
import type { Kube } from '../../kube/types.ts';
import type { NodeExec } from '../../node/types.ts';

export type MutationArea = 'dns' | 'services' | 'network' | 'policy' | 'mesh';

export interface BedNode {
  readonly name: string;
  readonly ip: string;
  /** Hardware address of its underlay device: routed pod traffic is told by it. */
  readonly mac: string;
  readonly podCidrs: readonly string[];
}

/** The cluster that is mutated, as mutations see it. */
export interface Bed {
  readonly cni: Cni;
  readonly podCidrs: readonly string[];
  readonly serviceCidrs: readonly string[];
  readonly nodes: readonly BedNode[];
  /** The two workers between which paths are broken. */
  readonly pair: readonly [BedNode, BedNode];
  readonly kube: Kube;
  readonly exec: NodeExec;
  /** A node takes a change of its own state back by itself after this. */
  readonly deadlineMs: number;
}

/** One thing done to the cluster. `undo` is registered before `apply`, and must do no harm where nothing was applied. */
export interface Change {
  readonly title: string;
  /** Resolves once the defect is in force. */
  apply(): Promise<void>;
  undo(): Promise<void>;
  /** Whether nothing of it is left. */
  isGone(): Promise<boolean>;
}

/** A seeded defect. */
export interface Mutation {
  readonly name: string;
  readonly area: MutationArea;
  /** What is wrong, in a reader's words. */
  readonly defect: string;
  /** A reason that has one of these words names the defect's kind; `{a}` and `{b}` stand for the names of the pair. */
  readonly kind: readonly string[];
  readonly plan: (bed: Bed) => Promise<readonly Change[]> | readonly Change[];
  /** Id globs: one such case has to fail. */
  readonly mustFail: readonly string[];
  /** Id globs: no such case may fail; they run beside, and show that the defect is told apart. */
  readonly mustNotFail: readonly string[];
  /** What the CNI must have: enforcement, an interface that wraps traffic between nodes, the nodes' own routing. */
  readonly needs?: 'policy' | 'tunnel' | 'node-routing';
  /** The mesh whose objects the defect is put into. */
  readonly mesh?: MeshName;
  /** Why the defect could not be seen, by CNI. */
  readonly unseenOn?: Readonly<Record<CniName, string>>;
  /** Why a miss does not fail the suite; without it, it does. */
  readonly optional?: string;
  /** Part of the subset for CI. */
  readonly ci?: true;
}
