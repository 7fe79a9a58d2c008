import type { Connections, PathClass, WindowKind } from '../../harness/events/upgrade-events.ts';

/** What is known of one lane since the watch began. */
export interface WatchedLane {
  readonly class: PathClass;
  readonly from: string;
  readonly to: string;
  readonly transport: string;
  readonly connections: Connections;
  readonly expected: 'open' | 'closed';
  readonly attempts: number;
  readonly failed: number;
  readonly lost: number;
  readonly cuts: number;
  readonly answered: number;
  /** All answers together, in seconds. */
  readonly answerSeconds: number;
  /** Whether its last attempt failed, or got through where it may not. */
  readonly isIll: boolean;
  /** Windows that are over, and how long they lasted in seconds. */
  readonly windows: Readonly<Record<WindowKind, { readonly count: number; readonly seconds: number }>>;
}

/** What a watch shows at one moment. */
export interface WatchState {
  readonly sinceMs: number;
  readonly nowMs: number;
  readonly agents: number;
  /** Agents that have not been heard for a while; they go on sampling. */
  readonly silent: number;
  readonly lanes: readonly WatchedLane[];
  /** The latest things that happened, oldest first. */
  readonly latest: readonly string[];
}
