import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { plainAddress } from './verdict.ts';

const chunkBytes = 16_384;
const most = { ms: 600_000, bytes: 1 << 30 };

const requestsOn = new WeakMap<Socket, number>();

function countOn(socket: Socket): number {
  const count = (requestsOn.get(socket) ?? 0) + 1;
  requestsOn.set(socket, count);
  return count;
}

function numberOf(url: URL, name: string, limit: number): number {
  const value = Number(url.searchParams.get(name));
  return Number.isFinite(value) ? Math.min(Math.max(value, 0), limit) : 0;
}

function identity(name: string, request: IncomingMessage, path: string): string {
  return JSON.stringify({
    pod: name,
    peer: plainAddress(request.socket.remoteAddress),
    headers: request.headers,
    path,
  });
}

function sendBytes(response: ServerResponse, left: number): void {
  if (left <= 0) {
    response.end();
    return;
  }
  const next = () => sendBytes(response, left - chunkBytes);
  if (response.write('o'.repeat(Math.min(left, chunkBytes)))) setImmediate(next);
  else response.once('drain', next);
}

/**
 * Returns the handler of an agent's HTTP ports: any path answers JSON `{pod, peer, headers, path}`, `/slow?ms=` the
 * same later, `/bytes?n=` that many bytes chunked. Headers say who answered (`x-ordeal-pod`), whom it saw
 * (`x-ordeal-peer`) and the how-manieth request of its connection this was (`x-ordeal-request`).
 */
export function answerHttp(name: string): RequestListener {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://agent');
    response.setHeader('x-ordeal-pod', name);
    response.setHeader('x-ordeal-peer', plainAddress(request.socket.remoteAddress));
    response.setHeader('x-ordeal-request', countOn(request.socket));
    request.resume();
    const slowMs = url.pathname === '/slow' ? numberOf(url, 'ms', most.ms) : 0;
    const finish = () =>
      response.setHeader('content-type', 'application/json').end(identity(name, request, url.pathname));
    if (url.pathname === '/bytes') sendBytes(response, numberOf(url, 'n', most.bytes));
    else if (slowMs > 0) setTimeout(finish, slowMs);
    else finish();
  };
}
