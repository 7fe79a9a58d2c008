import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from './connect.ts';
import type { Kube } from './types.ts';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export interface Answer {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** More may come: the connection stays open. */
  readonly open?: boolean;
}

const core = [
  { name: 'pods', kind: 'Pod', namespaced: true },
  { name: 'pods/log', kind: 'Pod', namespaced: true },
  { name: 'namespaces', kind: 'Namespace', namespaced: false },
  { name: 'configmaps', kind: 'ConfigMap', namespaced: true },
  { name: 'services', kind: 'Service', namespaced: true },
  { name: 'nodes', kind: 'Node', namespaced: false },
];
const apps = [
  { name: 'deployments', kind: 'Deployment', namespaced: true },
  { name: 'daemonsets', kind: 'DaemonSet', namespaced: true },
];
const reviews = [{ name: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview', namespaced: false }];
const discovery: Record<string, object> = {
  '/api/v1': { resources: core },
  '/apis/apps/v1': { resources: apps },
  '/apis/authorization.k8s.io/v1': { resources: reviews },
};

/** An API server that answers discovery itself and hands everything else to `answer`; it counts connections. */
export class FakeApi {
  readonly received: Received[] = [];
  readonly connections = new Set<Socket>();
  answer: (request: Received) => Answer | Promise<Answer> = () => ({ status: 404, body: {} });
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.on('connection', (socket) => this.connections.add(socket));
  }

  async start(): Promise<Kube> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    const file = join(await mkdtemp(join(tmpdir(), 'ordeal-fake-api-')), 'kubeconfig');
    await writeFile(file, this.kubeconfig());
    return connect(file);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  kubeconfig(): string {
    const clusters = [{ name: 'c', cluster: { server: this.url, 'insecure-skip-tls-verify': true } }];
    const users = [{ name: 'u', user: { token: 'very-secret' } }];
    const contexts = [{ name: 'k', context: { cluster: 'c', user: 'u' } }];
    const config = { apiVersion: 'v1', kind: 'Config', clusters, users, contexts, 'current-context': 'k' };
    return `${JSON.stringify(config)}\n`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const known = discovery[url.pathname];
    const answer: Answer = known === undefined ? await this.handle(request, url) : { body: known };
    const { status = 200, body, headers, open = false } = answer;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.write(typeof body === 'string' ? body : JSON.stringify(body));
    if (!open) response.end();
  }

  private async handle(request: IncomingMessage, url: URL): Promise<Answer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const received = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      contentType: request.headers['content-type'],
      authorization: request.headers.authorization,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
    this.received.push(received);
    return this.answer(received);
  }
}

/** The body of a Kubernetes error answer. */
export function failure(code: number, reason: string, message = reason): Answer {
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message } };
}
