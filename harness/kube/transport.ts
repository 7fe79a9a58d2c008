import { timeoutsInForce } from '../base/timeouts.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { Limit } from '../base/limit.ts';
import { type Connection, requestsAtOnce } from './connection.ts';
import { answerError, credentialError, KubeError, transportError } from './errors.ts';
import type { Credential } from './kubeconfig/credential.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';

export interface KubeRequest {
  readonly method: Method;
  /** Path and query, starting with `/`. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  /** For the error: `apply`, `Pod x/a`. */
  readonly verb: string;
  readonly what: string;
}

const attempts = 6;

interface Wait {
  readonly idleMs: number;
  readonly signal?: AbortSignal;
  /** Sends it again where the API server asks for that. */
  readonly repeats: boolean;
}

/** Sends requests over one connection, a bounded number at once; credentials that are refused are renewed once. */
export class Transport {
  private readonly connection: Connection;
  private readonly limit = new Limit(requestsAtOnce);

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Returns the answer's body as text. @throws KubeError */
  async text(request: KubeRequest): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.limit.run(() => this.once(request));
      } catch (error) {
        if (attempt >= attempts || !worthRetrying(error, request)) throw error;
        await pause(50 * 2 ** attempt);
      }
    }
  }

  /** Returns the answer's body as JSON. @throws KubeError */
  async json(request: KubeRequest): Promise<unknown> {
    const text = await this.text(request);
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new KubeError(`cannot ${request.verb} ${request.what}: the answer is not JSON`, {}, { cause });
    }
  }

  /**
   * Yields the lines of an answer as they come, until it ends, nothing has come for `idleMs`, or `signal` aborts. Not
   * counted among the requests at once: it may last for minutes. @throws KubeError
   */
  async *lines(request: KubeRequest, { idleMs, signal }: { idleMs: number; signal: AbortSignal }) {
    const { verb, what } = request;
    try {
      const { statusCode, body } = await this.open(request, { idleMs, signal, repeats: false });
      if (statusCode >= 400) throw answerError(verb, what, statusCode, await body.text());
      let rest = '';
      for await (const chunk of body.setEncoding('utf8')) {
        const lines = (rest + String(chunk)).split('\n');
        rest = lines.pop() ?? '';
        yield* lines.filter((line) => line !== '');
      }
    } catch (cause) {
      if (signal.aborted) return;
      throw cause instanceof KubeError ? cause : transportError(verb, what, this.connection.server, cause);
    }
  }

  private async once(request: KubeRequest): Promise<string> {
    const { verb, what } = request;
    const { status, body } = await this.send(request).catch((cause: unknown) => {
      throw cause instanceof KubeError ? cause : transportError(verb, what, this.connection.server, cause);
    });
    if (status >= 400) throw answerError(verb, what, status, body);
    return body;
  }

  private async send(request: KubeRequest): Promise<{ status: number; body: string }> {
    const answer = await this.open(request, { idleMs: timeoutsInForce().apiRequestMs, repeats: true });
    return { status: answer.statusCode, body: await answer.body.text() };
  }

  private async open(request: KubeRequest, wait: Wait) {
    const credential = await this.connection.credential().catch(credentialError(request));
    const answer = await this.ask(request, wait, credential);
    if (answer.statusCode !== 401) return answer;
    const renewed = await this.connection.renew(credential).catch(credentialError(request));
    if (renewed === undefined) return answer;
    await answer.body.dump();
    return this.ask(request, wait, renewed);
  }

  private ask({ method, path, body, contentType }: KubeRequest, wait: Wait, credential: Credential) {
    const { origin, pathname } = this.connection.endpoint.server;
    return this.connection.dispatcher(credential, wait.repeats).request({
      origin,
      path: `${pathname.replace(/\/$/, '')}${path}`,
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'ordeal',
        ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
        ...credential.headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      headersTimeout: wait.idleMs,
      bodyTimeout: wait.idleMs,
      signal: wait.signal,
    });
  }
}

/** What only the answer's body tells to be passing, or a connection cut off amid it; the rest is `repeat.ts`. */
function worthRetrying(error: unknown, { method }: KubeRequest): boolean {
  if (!(error instanceof KubeError)) return false;
  if (error.status === 403) return /error looking up service account|namespace .* not found/.test(error.message);
  const cutOff = error.status === undefined && /ECONNRESET|EPIPE|other side closed|range header/.test(error.message);
  return method !== 'POST' && (cutOff || /etcdserver/.test(error.message));
}
