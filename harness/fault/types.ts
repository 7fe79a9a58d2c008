import type { FaultPhase } from '../events/types.ts';

export type { FaultPhase };
export type FaultReport = (phase: FaultPhase, detail: string) => void;

/** A quantity a fault is about, with the interval in which it lies at 95 % confidence: share of packets lost, delay. */
export interface Estimate {
  readonly metric: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly unit: 'ratio' | 'ms' | 'bytes/s';
}

/** One look at whether a fault acts, taken from outside the injector: probes, health endpoints, counters. */
export interface Effect {
  readonly present: boolean;
  /** What was seen, in words, for the report. */
  readonly seen: string;
  /** Where the fault has a strength: what was measured of it. */
  readonly estimate?: Estimate;
}

export type MeasureEffect = () => Promise<Effect>;

/** What a fault does on one node, as shell lines run by `sh` in the node's root namespaces. */
export interface NodeAct {
  readonly site: { readonly node: string };
  readonly apply: string;
  /** Given to `apply` on its standard input. */
  readonly stdin?: string;
  /** Takes the act away. Must succeed when it was never applied: the harness and the node's timer both run it. */
  readonly undo: string;
  /** Exits 0 while the act is in place. */
  readonly isApplied: string;
}

/** A single act through the API that has nothing to undo (a pod is killed; its owner makes the next one). */
export interface ApiAct {
  readonly site: 'api';
  readonly apply: () => Promise<void>;
}

export type Act = NodeAct | ApiAct;

/** An act with its place among those of its fault: they are applied in this order and undone in the reverse one. */
export type Placed<A extends Act> = A & { readonly index: number };

/** What to break and how to see that it is broken; a driver makes it, the engine carries it out. */
export interface FaultPlan {
  readonly title: string;
  /** The mechanism the driver chose for this cluster, for the report: `netem`, `NFQUEUE program`. */
  readonly way?: string;
  /** What it does is not taken back, so its effect need not go: connections that were reset, a process that was killed. */
  readonly lasting?: true;
  /** The acts under the id of this injection; everything they make on a node carries it in its name. */
  acts(faultId: string): readonly Act[];
  /** Absent where only who injects can tell: then they must hand one to the engine. */
  readonly effect?: MeasureEffect;
}

/**
 * Who took the fault away: `harness` by `revert()`, `deadline` the node's own timer before `revert()` came, `nobody`
 * when nothing was there to take away.
 */
export type RevertedBy = 'harness' | 'deadline' | 'nobody';

export interface Observation extends Effect {
  /** Milliseconds from the last act to the end of the look that measured the effect. */
  readonly ms: number;
}

/** What became of a fault that was injected. `ineffective`: applied, yet nobody could measure it. */
export interface FaultResult {
  readonly outcome: 'effective' | 'ineffective' | 'not-reverted';
  readonly revertedBy: RevertedBy;
  /** Absent when the effect was never measured. */
  readonly observed?: Observation;
  /** Why nothing that was measured during or after the fault can be trusted; absent when all went as it should. */
  readonly doubt?: string;
}

/** A fault as a resource: everything done is undone by `revert()`, or by the node itself when the deadline passes. */
export interface Fault {
  readonly id: string;
  readonly title: string;
  /** The mechanism that was chosen for this cluster; absent where there is but one. */
  readonly way: string | undefined;
  /** Absent as long as nothing was done to the cluster; `not-reverted` until it is. */
  readonly result: FaultResult | undefined;
  /**
   * Looks (the effect must be absent), records, arms every act's timer, only then applies, and waits until the effect is
   * measured. A failure half way reverts what was applied. A fault nobody can measure proves nothing.
   * @throws OrdealError FAULT, INCONCLUSIVE
   */
  inject(): Promise<Observation>;
  /**
   * Undoes every act in reverse and waits until the effect is measured gone. Idempotent.
   * @throws OrdealError FAULT after reporting `leaked` or `not-reverted`.
   */
  revert(): Promise<RevertedBy>;
}
