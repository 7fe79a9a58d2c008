/** Returns the time of the harness that everything is told in: milliseconds since the epoch, never going back. */
export const harnessNowMs = (): number => performance.timeOrigin + performance.now();
