import type { RunEvent } from '../events/types.ts';

export type FaultPhase = Extract<RunEvent, { type: 'fault' }>['phase'];
export type FaultReport = (phase: FaultPhase, detail: string) => void;

/** One look at whether a fault acts, taken from outside the injector: probes, process state, counters. */
export interface Effect {
  readonly present: boolean;
  /** What was seen, in words, for the report. */
  readonly seen: string;
}

/** What a fault does on one node, as shell lines run by `sh` in the node's root namespaces. */
export interface NodeAction {
  readonly node: string;
  readonly apply: string;
  /** Given to `apply` on its standard input. */
  readonly stdin?: string;
  /** Takes the fault away. Must succeed when it was never applied: the harness and the node's timer both run it. */
  readonly undo: string;
  /** Exits 0 while the fault is in place. */
  readonly present: string;
}

/** What to break and how to see that it is broken; a driver makes it, `Fault` carries it out. */
export interface FaultPlan {
  readonly kind: 'partition' | 'pause' | 'pod-kill';
  readonly title: string;
  /** The actions under the id of this injection; everything they make on a node carries it in its name. */
  readonly actions: (id: string) => readonly NodeAction[];
  /** A single act through the API that has nothing to undo (a pod is killed; its owner makes the next one). */
  readonly strike?: () => Promise<void>;
  readonly effect: () => Promise<Effect>;
}

/**
 * Who took the fault away: `harness` by `revert()`, `deadline` the node's own timer before `revert()` came, `nobody`
 * when nothing was there to take away.
 */
export type RevertedBy = 'harness' | 'deadline' | 'nobody';

/** A fault as a resource: everything done is undone by `revert()`, or by the node itself when the deadline passes. */
export interface Fault {
  readonly id: string;
  readonly title: string;
  /**
   * Looks (the effect must be absent), records, arms every node's timer, and only then applies. A failure half way
   * reverts what was applied. Throws OrdealError FAULT or InconclusiveError.
   */
  inject(): Promise<void>;
  /**
   * Waits until the effect is measured; returns what was seen and the milliseconds from injection. Throws
   * InconclusiveError after reporting `ineffective`, since a fault nobody can see proves nothing.
   */
  observe(): Promise<{ seen: string; ms: number }>;
  /** Idempotent. Throws OrdealError FAULT after reporting `leaked` when a node still shows the fault. */
  revert(): Promise<RevertedBy>;
}
