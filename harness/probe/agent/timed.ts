import type { ProbeResult } from '../types.ts';
import { type Finding, findingOf } from './verdict.ts';

/** How an attempt reports: the first call counts, later ones are ignored. */
export type Done = (finding: Finding) => void;

/** Starts an attempt; what it returns releases every socket and timer of it. */
export type Begin = (done: Done) => () => void;

/** Returns the monotonic clock in microseconds. */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

const punctualMs = 20;
const longestGraceMs = 250;

/*
 * A starved process runs its expired timers before it reads its sockets, and would call an answer that already lies
 * in the socket buffer a drop. So a timer that fired late grants the network the time the process itself lost.
 */
function whenSilent(timeoutMs: number, silent: () => void): () => void {
  const due = nowUs() + timeoutMs * 1000;
  let timer = setTimeout(() => {
    const lateMs = (nowUs() - due) / 1000;
    const graceMs = lateMs < punctualMs ? 1 : Math.min(lateMs, longestGraceMs);
    timer = setTimeout(() => setImmediate(silent), graceMs);
  }, timeoutMs);
  return () => clearTimeout(timer);
}

/**
 * Runs one attempt to its verdict: what `begin` reports first, `dropped` after `timeoutMs` of silence (`progress`
 * adds how far it came). Never rejects; an exception while starting is `inconclusive`.
 */
export function timed(timeoutMs: number, begin: Begin, progress?: () => string | undefined): Promise<ProbeResult> {
  const startUs = nowUs();
  return new Promise((resolve) => {
    let release: (() => void) | undefined;
    const state = { over: false };
    const done: Done = (finding) => {
      if (state.over) return;
      state.over = true;
      cancel();
      resolve({ ...finding, elapsedUs: nowUs() - startUs });
      release?.();
    };
    const cancel = whenSilent(timeoutMs, () => done({ verdict: 'dropped', error: progress?.() ?? 'timeout' }));
    try {
      release = begin(done);
    } catch (error) {
      done(findingOf(error));
    }
    if (state.over) release?.();
  });
}
