import { datagramScript } from './datagram-perl.ts';
import { errnoOf, perl } from './perl.ts';
import type { WireProbeOf } from './schema.ts';
import type { Done } from './timed.ts';
import { noncePayload, readEcho } from './udp-payload.ts';
import { codeOf, type ProbeOutcome, outcomeOfCode } from './verdict.ts';

const opened = Buffer.from('open ');

/**
 * Sends one datagram that nobody may fragment and reports its echo; returns what gives it up. A helper process does,
 * whose start is in the time it takes.
 */
export function askUnfragmented({ port, payloadBytes }: WireProbeOf<'udp'>, address: string, done: Done): () => void {
  const payload = noncePayload(payloadBytes);
  const nonce = payload.toString('latin1').replace(/o+$/, '');
  const helper = perl(datagramScript, [address, port, payload.length, nonce]);
  const said: Buffer[] = [];
  helper.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  helper.on('error', (error) =>
    done({ verdict: 'inconclusive', error: `perl does not start in the agent image (${codeOf(error)})` }),
  );
  helper.on('close', () => done(outcomeOfReply(Buffer.concat(said), payload)));
  return () => helper.kill('SIGKILL');
}

function outcomeOfReply(said: Buffer, payload: Buffer): ProbeOutcome {
  const code = errnoOf(said.toString('latin1'));
  if (code !== undefined) return outcomeOfCode(code);
  if (!said.subarray(0, opened.length).equals(opened)) {
    return { verdict: 'inconclusive', error: 'the datagram helper ended without an answer' };
  }
  const found = readEcho(said.subarray(opened.length), payload);
  return found ?? { verdict: 'malformed', error: 'the answer is no echo of the datagram' };
}
