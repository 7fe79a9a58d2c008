import { z } from 'zod';

const ms = (value: number, why: string) => z.int().min(20).max(600_000).default(value).describe(why);

/**
 * How often each kind of lane is tried. What costs little is asked often: a datagram on a kept socket tells of the path
 * itself to a tenth of a second. A new connection costs six times as much, both its ends together.
 */
export const Rhythm = z.strictObject({
  newTcpMs: ms(1_000, 'a new TCP connection'),
  newUdpMs: ms(1_000, 'a datagram from a new socket'),
  newHttpMs: ms(5_000, 'a request on a new connection'),
  reusedTcpMs: ms(500, 'a line on a kept TCP connection'),
  reusedUdpMs: ms(100, 'a datagram from a kept socket: the resolution of windows of a path as such'),
  reusedHttpMs: ms(2_000, 'a request on a kept connection'),
  idleMs: ms(35_000, 'an exchange on a connection that is else idle'),
  dnsMs: ms(1_000, 'a DNS query'),
  apiMs: ms(500, 'a TCP handshake with the API server'),
  apiTlsMs: ms(5_000, 'an HTTPS request to the API server'),
  denyMs: ms(500, 'a try of what a policy forbids'),
  timeoutMs: ms(1_000, 'an attempt without an answer after this has failed'),
});
export type Rhythm = z.infer<typeof Rhythm>;
