import type { Probe } from '../probe/types.ts';

/**
 * Returns a probe that is sent once, and on a new flow: what is sent again, or belongs to a flow that was let through, hides
 * a relapse or the moment of a change. Anything but UDP is asked over TCP.
 */
export function freshProbe(host: string, port: number, protocol: string, timeoutMs: number): Probe {
  const reach = { host, port, timeoutMs };
  return protocol === 'UDP' ? { kind: 'udp', ...reach } : { kind: 'tcp', connectOnly: true, ...reach };
}
