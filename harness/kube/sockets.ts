import { PassThrough } from 'node:stream';
import type { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { KubeError, transportError } from './errors.ts';

/** The part of a WebSocket that Kubernetes streams need; it comes untyped out of client-node. */
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

const Socketlike = z.custom<Socket>((it) => typeof it === 'object' && it !== null && 'send' in it && 'terminate' in it);

/** Returns a function that opens sockets with the credentials of this kubeconfig. It throws KubeError. */
export async function socketOpener(config: KubeConfig, server: string): Promise<OpenSocket> {
  // The package does not re-export it, and Exec and PortForward, which wrap it, lose the exit and the half-close.
  const { WebSocketHandler } = await import('@kubernetes/client-node/dist/web-socket-handler.js');
  // client-node ends these when the server closes a stream; its default is this process's own stdin and stdout.
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const handler = new WebSocketHandler(config, undefined, streams);
  return async (path, verb, what, onMessage) => {
    try {
      const binary = (number: number, data: Buffer) => {
        onMessage(number, data);
        return true;
      };
      const socket = Socketlike.parse(await handler.connect(path, null, binary));
      socket.on('error', () => undefined);
      return socket;
    } catch (cause) {
      throw handshakeError(verb, what, server, cause);
    }
  };
}

/** Returns whether this socket can close its sending side alone (subprotocol v5). */
export function canHalfClose(socket: Socket): boolean {
  return socket.protocol === 'v5.channel.k8s.io';
}

const ErrorEvent = z.looseObject({ message: z.string() });

function handshakeError(verb: string, what: string, server: string, cause: unknown): KubeError {
  const said = ErrorEvent.safeParse(cause);
  const text = said.success ? said.data.message : String(cause);
  const status = /Unexpected server response: (\d+)/.exec(text)?.[1];
  if (status === undefined) return transportError(verb, what, server, new Error(text));
  return new KubeError(`cannot ${verb} ${what}: the API server answered ${status}`, { status: Number(status) });
}
