import type { IncomingMessage } from 'node:http';
import { timeoutsInForce } from '../base/timeouts.ts';
import type { Connection } from './connection.ts';
import { answerError, credentialError, KubeError, transportError } from './errors.ts';
import type { Credential } from './kubeconfig/credential.ts';
import { keepPinging } from './ping.ts';

/** The part of a WebSocket that Kubernetes streams need. */
export interface Socket {
  readonly protocol: string;
  readonly bufferedAmount: number;
  send(data: Uint8Array, sent?: (error?: Error) => void): void;
  close(): void;
  terminate(): void;
  on(event: 'close' | 'error', listener: (detail: unknown) => void): unknown;
}

/** Called for each message with its channel; what it throws would be lost, so it must not. */
export type OnMessage = (channel: number, data: Buffer) => void;
/** Opens a stream of a pod's subresource. `path` includes the query. */
export type OpenSocket = (path: string, verb: string, what: string, onMessage: OnMessage) => Promise<Socket>;

/** Channel numbers of the `channel.k8s.io` protocols. */
export const channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

const protocols = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v3.channel.k8s.io',
  'v2.channel.k8s.io',
  'channel.k8s.io',
];

/** Returns a function that opens sockets over this connection; a refused credential is renewed once. It throws KubeError. */
export function socketOpener(connection: Connection): OpenSocket {
  return async (path, verb, what, onMessage) => {
    const credential = await connection.credential().catch(credentialError({ verb, what }));
    try {
      return await openSocket(connection, credential, { path, verb, what, onMessage });
    } catch (error) {
      if (!(error instanceof KubeError) || error.status !== 401) throw error;
      const renewed = await connection.renew(credential).catch(credentialError({ verb, what }));
      if (renewed === undefined) throw error;
      return openSocket(connection, renewed, { path, verb, what, onMessage });
    }
  };
}

interface Opening {
  readonly path: string;
  readonly verb: string;
  readonly what: string;
  readonly onMessage: OnMessage;
}

async function openSocket(connection: Connection, credential: Credential, wanted: Opening): Promise<Socket> {
  const { path, verb, what, onMessage } = wanted;
  const { WebSocket } = await import('ws');
  const { apiConnectMs: handshakeTimeout, apiPingMs } = timeoutsInForce();
  const options = { ...(await connection.socketOptions(credential)), handshakeTimeout, perMessageDeflate: false };
  const socket = new WebSocket(`${connection.server.replace(/^http/, 'ws')}${path}`, protocols, options);
  socket.on('message', (data) => {
    if (Buffer.isBuffer(data) && data.length > 0) onMessage(data.readUInt8(0), data.subarray(1));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    // It stays: an error after opening ends in `close`, and must not end the process.
    socket.on('error', (cause) => reject(transportError(verb, what, connection.server, cause)));
    socket.once('unexpected-response', (request, response) => {
      void refusal(verb, what, response).then((error) => {
        request.destroy();
        reject(error);
      });
    });
  });
  keepPinging(socket, apiPingMs);
  return socket;
}

const longestBody = 64 * 1024;

async function refusal(verb: string, what: string, response: IncomingMessage): Promise<KubeError> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > longestBody) break;
    }
  } catch {
    // What came of it will do.
  }
  return answerError(verb, what, response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8'));
}

/** Returns whether this socket can close its sending side alone (subprotocol v5). */
export function canHalfClose(socket: Socket): boolean {
  return socket.protocol === 'v5.channel.k8s.io';
}
