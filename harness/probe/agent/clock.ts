/** Returns the monotonic clock in microseconds. */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
