import { createServer as createHttp, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { caPem, serverKey, serverPem } from './certificates.test-support.ts';

export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Common name of the client's certificate. */
  readonly client: string | undefined;
  /** The name the client asked for in TLS. */
  readonly name: string | undefined;
}

/** An API server on loopback that knows `/version` and remembers who asked; `refuse` decides who gets 401. */
export class FakeServer {
  readonly asked: Asked[] = [];
  refuse: (asked: Asked) => boolean = () => false;
  readonly server: Server;
  private readonly scheme: 'http' | 'https';

  constructor(scheme: 'http' | 'https') {
    this.scheme = scheme;
    const tls = { cert: serverPem, key: serverKey, ca: caPem, requestCert: true, rejectUnauthorized: false };
    this.server = scheme === 'https' ? createHttps(tls) : createHttp();
    this.server.on('request', (request, response) => {
      const asked = askedBy(request);
      this.asked.push(asked);
      const status = this.refuse(asked) ? 401 : 200;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(status === 200 ? { gitVersion: 'v1.36.0' } : { reason: 'Unauthorized' }));
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return this;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.scheme}://${this.address}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    await closed;
  }
}

function askedBy(request: IncomingMessage): Asked {
  const socket: Socket = request.socket;
  const tls = socket instanceof TLSSocket ? socket : undefined;
  const subject = tls?.getPeerCertificate().subject as { CN?: string } | undefined;
  const name = typeof tls?.servername === 'string' ? tls.servername : undefined;
  return { path: request.url ?? '', headers: request.headers, client: subject?.CN, name };
}
