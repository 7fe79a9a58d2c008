import type { ProbeOutcome } from './verdict.ts';

/** Another process's datagrams are not mistaken for one's own; node:crypto would cost every pod start-up time. */
const ours = Math.random().toString(36).slice(2, 8);
let sent = 0;

/** Returns a payload of `bytes` that starts with as much of a fresh nonce as fits: late echoes are told apart by it. */
export function noncePayload(bytes = 16): Buffer {
  const payload = Buffer.alloc(bytes, 'o');
  sent += 1;
  payload.write(`${sent.toString(36)}.${ours}`, 'latin1');
  return payload;
}

/** Returns the outcome of a reply `<pod name> <peer address> <payload>`, or undefined if it answers another payload. */
export function readEcho(reply: Buffer, payload: Buffer): ProbeOutcome | undefined {
  const [head, responder, peerSeen] = /^(\S+) (\S+) /.exec(reply.toString('latin1')) ?? [];
  if (head === undefined) return undefined;
  const echo = reply.subarray(head.length);
  if (!payload.subarray(0, echo.length).equals(echo)) return undefined;
  return { verdict: 'open', responder, peerSeen };
}
