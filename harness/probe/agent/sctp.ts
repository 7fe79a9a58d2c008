import type { ProbeResult } from '../types.ts';
import { errnoOf, perl, servePerl } from './perl.ts';
import { readBanner } from './probe-tcp.ts';
import { withAddress } from './resolve.ts';
import type { WireProbeOf } from './schema.ts';
import type { Service } from './services.ts';
import { sctpScript } from './sctp-perl.ts';
import { timed } from './timed.ts';
import { codeOf, type ProbeOutcome, outcomeOfCode, plainAddress } from './verdict.ts';

/** IANA protocol number of SCTP (RFC 9260). Another one, TCP's, lets a kernel without SCTP run the same path. */
const sctp = 132;

/** Connects over SCTP and reads the greeting. `elapsedUs` has the start of a helper process in it. Never rejects. */
export function probeSctp(probe: WireProbeOf<'sctp'>, protocol = sctp): Promise<ProbeResult> {
  const begin = withAddress(probe.host, (address, done) => {
    const helper = perl(sctpScript, ['probe', protocol, address, probe.port]);
    let said = '';
    helper.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')));
    helper.on('error', (error) => done(helperMissing(error)));
    helper.on('close', () => done(readAnswer(said)));
    return () => helper.kill('SIGKILL');
  });
  return timed(probe.timeoutMs, begin);
}

function readAnswer(said: string): ProbeOutcome {
  if (said.startsWith('open ')) return greeted(said.slice('open '.length));
  const code = errnoOf(said);
  if (code === undefined) return { verdict: 'inconclusive', error: 'the SCTP helper ended without an answer' };
  return outcomeOfCode(code);
}

function greeted(text: string): ProbeOutcome {
  if (text === '') return { verdict: 'refused', error: 'closed before the answer' };
  const found = readBanner(text);
  return { ...found, peerSeen: found.peerSeen && plainAddress(found.peerSeen) };
}

function helperMissing(error: unknown): ProbeOutcome {
  return { verdict: 'inconclusive', error: `no SCTP: perl does not start in the agent image (${codeOf(error)})` };
}

/** Serves an SCTP port until closed. Rejects with the system's error code. */
export function serveSctp(name: string, host: string, port: number, protocol = sctp): Promise<Service> {
  return servePerl(sctpScript, ['serve', protocol, host, port, name]);
}
