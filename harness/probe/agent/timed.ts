import type { ProbeResult } from '../types.ts';
import type { AdaptiveTimeout } from './adaptive-timeout.ts';
import { nowUs } from './clock.ts';
import { type ProbeOutcome, outcomeOf } from './verdict.ts';

/** How an attempt reports: the first call counts, later ones are ignored. */
export type Done = (outcome: ProbeOutcome) => void;

/** Starts an attempt; what it returns releases every socket and timer of it. */
export type Begin = (done: Done) => () => void;

/** What an attempt may tell while it waits. */
export interface Waiting {
  /** How far it came, once packets went to and fro; undefined before. */
  readonly progress?: () => string | undefined;
  /** Absent: the timeout alone decides. */
  readonly adaptive?: AdaptiveTimeout;
  /** How many times the slowest answer of the row, where that is not the common measure. */
  readonly times?: number;
  /** When the attempts this one queues behind were last answered (of `nowUs`): silence begins there at the earliest. */
  readonly answeredUs?: () => number;
}

const longestGraceMs = 250;

/*
 * A starved process runs its expired timers before it reads its sockets, and would call an answer that already lies
 * in the socket buffer a drop. So a timer that fired late grants the network the time the process itself lost.
 */
function whenSilent(timeoutMs: number, waiting: Waiting, silent: () => void): () => void {
  const { progress, adaptive, times, answeredUs } = waiting;
  const startUs = nowUs();
  let timer: NodeJS.Timeout;
  const sleep = (ms: number) => {
    const dueUs = nowUs() + ms * 1000;
    timer = setTimeout(() => wake((nowUs() - dueUs) / 1000), ms);
  };
  const wake = (lateMs: number) => {
    const wanted = adaptive?.waitMs(timeoutMs, progress?.() !== undefined, times) ?? timeoutMs;
    const silentSinceUs = Math.max(startUs, answeredUs?.() ?? 0);
    const leftMs = wanted - (nowUs() - silentSinceUs) / 1000;
    if (leftMs > 0) sleep(leftMs);
    else timer = setTimeout(() => setImmediate(silent), Math.min(Math.max(lateMs, 1), longestGraceMs));
  };
  sleep(timeoutMs);
  return () => clearTimeout(timer);
}

/**
 * Runs one attempt to its verdict: what `begin` reports first, `dropped` after `timeoutMs` of silence, or what
 * the row's adaptive timeout makes of it (`progress` adds how far it came). Never rejects; an exception while starting is `inconclusive`.
 */
export function timed(timeoutMs: number, begin: Begin, waiting: Waiting = {}): Promise<ProbeResult> {
  const startUs = nowUs();
  return new Promise((resolve) => {
    let release: (() => void) | undefined;
    const state = { over: false };
    const done: Done = (outcome) => {
      if (state.over) return;
      state.over = true;
      cancel();
      resolve({ ...outcome, elapsedUs: nowUs() - startUs });
      release?.();
    };
    const cancel = whenSilent(timeoutMs, waiting, () =>
      done({ verdict: 'dropped', error: waiting.progress?.() ?? 'timeout' }),
    );
    try {
      release = begin(done);
    } catch (error) {
      done(outcomeOf(error));
    }
    if (state.over) release?.();
  });
}
