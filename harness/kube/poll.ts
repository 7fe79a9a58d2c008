import { setTimeout as pause } from 'node:timers/promises';

const firstPauseMs = 50;
const longestPauseMs = 500;

/**
 * Samples until `sample` returns a value; returns it, or undefined when `timeoutMs` passed. The pause between samples
 * grows from 50 to 500 ms: quick things are seen quickly, slow ones do not load the API server.
 */
export async function poll<T>(timeoutMs: number, sample: () => Promise<T | undefined>): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.3, longestPauseMs)) {
    const value = await sample();
    if (value !== undefined) return value;
    const left = deadline - performance.now();
    if (left <= 0) return undefined;
    await pause(Math.min(pauseMs, left));
  }
}
