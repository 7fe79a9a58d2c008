import { type Agent, request as plainRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ProbeResult } from '../types.ts';
import { withAddress } from './resolve.ts';
import type { WireProbeOf } from './schema.ts';
import { type Done, timed, type Waiting } from './timed.ts';
import { outcomeOf } from './verdict.ts';

type HttpProbe = WireProbeOf<'http'>;

/** Bodies are cut here: a table's answer must stay small whatever a server sends. */
const keptBody = 65_536;

/** Who an agent's answer says it is, and whom it saw; empty for any other server. */
function readIdentity(headers: Record<string, string>): { responder?: string; peerSeen?: string } {
  return { responder: headers['x-ordeal-pod'], peerSeen: headers['x-ordeal-peer'] };
}

function flatHeaders(response: IncomingMessage): Record<string, string> {
  const entries = Object.entries(response.headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

function collect(response: IncomingMessage, done: Done): void {
  let body = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    if (body.length < keptBody) body = (body + chunk).slice(0, keptBody);
  });
  response.on('error', (error) => done(outcomeOf(error)));
  response.on('end', () => {
    const headers = flatHeaders(response);
    const http = { status: response.statusCode ?? 0, body, headers };
    done({ verdict: 'open', ...readIdentity(headers), http });
  });
}

function send(address: string, probe: HttpProbe, agent: Agent | undefined): ClientRequest {
  // The name asked for stays in Host (virtual hosts, mesh routing) while the address is the one resolved once.
  const headers = { host: hostHeader(probe), ...probe.headers };
  const options = { host: address, port: probe.port, path: probe.path, headers, agent: agent ?? false };
  if (probe.tls !== true) return plainRequest(options);
  // Loaded when needed: TLS would cost every pod start-up time. Whose certificate it is is not what is probed here.
  return process.getBuiltinModule('node:https').request({ ...options, rejectUnauthorized: false });
}

function hostHeader(probe: HttpProbe): string {
  const name = probe.host.includes(':') ? `[${probe.host}]` : probe.host;
  const isDefault = probe.port === (probe.tls === true ? 443 : 80);
  return isDefault ? name : `${name}:${probe.port}`;
}

/** How requests share connections: `agent` keeps them, `onSocket` learns which one a request was given. */
interface Reuse {
  readonly agent?: Agent;
  readonly onSocket?: (socket: Socket) => void;
}

/**
 * GETs `path`: `open` with status, headers and body (first 64 KiB) whatever the status. `agent` reuses connections. Who
 * let it connect and is then silent is waited for as the row's adaptive timeout says.
 */
export function probeHttp(
  probe: HttpProbe,
  { agent, onSocket, adaptive, answeredUs }: Reuse & Pick<Waiting, 'adaptive' | 'answeredUs'> = {},
): Promise<ProbeResult> {
  let connected = false;
  const begin = withAddress(probe.host, (address, done) => {
    const request = send(address, probe, agent);
    request.on('socket', (socket) => {
      socket.once('connect', () => (connected = true));
      onSocket?.(socket);
    });
    request.on('error', (error) => done(outcomeOf(error)));
    request.on('response', (response) => collect(response, done));
    request.end();
    return () => request.destroy();
  });
  return timed(probe.timeoutMs, begin, {
    progress: () => (connected ? 'connected, then silence' : undefined),
    adaptive,
    answeredUs,
  });
}
