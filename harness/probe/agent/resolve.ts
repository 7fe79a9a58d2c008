import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Begin, Done } from './timed.ts';
import { outcomeOf, unresolved } from './verdict.ts';

/**
 * Returns a `Begin` that first turns `host` into one address (getaddrinfo, so search paths apply), then starts
 * `begin` with it. A name that does not resolve is `unresolved`.
 */
export function withAddress(host: string, begin: (address: string, done: Done) => () => void): Begin {
  return (done) => {
    if (isIP(host) !== 0) return begin(host, done);
    let release: (() => void) | undefined;
    let released = false;
    const start = (address: string) => {
      if (!released) release = begin(address, done);
    };
    lookup(host)
      .then(
        (found) => start(found.address),
        (error: unknown) => done(unresolved(host, error)),
      )
      .catch((error: unknown) => done(outcomeOf(error)));
    return () => {
      released = true;
      release?.();
    };
  };
}

/** Starts `send` now and, unless released, again at each fraction of the timeout; returns the release. */
export function repeat(timeoutMs: number, fractions: readonly number[], send: () => void): () => void {
  const timers = fractions.map((fraction) => setTimeout(send, timeoutMs * fraction));
  send();
  return () => timers.forEach((timer) => clearTimeout(timer));
}
