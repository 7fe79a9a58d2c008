import { timeoutsInForce } from '../base/timeouts.ts';
import { setTimeout as pause } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { answerError, KubeError, transportError } from './errors.ts';
import { Limit } from '../base/limit.ts';

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

export interface TransportOptions {
  /** `https://host:port`, possibly with a path prefix. */
  readonly server: string;
  readonly dispatcher: Dispatcher;
  /** Headers that authenticate one request; asked each time, since tokens expire. */
  readonly authorize: () => Promise<Record<string, string>>;
  readonly requestTimeoutMs?: number;
}

/** Requests to one API server at once. */
const requestsAtOnce = 16;
/** Streams of lines stay open beside them, commonly one: the pods of a run. */
const streamsAtOnce = 4;
export const connectionsAtOnce = requestsAtOnce + streamsAtOnce;
const attempts = 6;

/** Sends requests over one dispatcher; bounded concurrency; retries what the API server asks to retry. */
export class Transport {
  private readonly options: TransportOptions;
  private readonly limit = new Limit(requestsAtOnce);
  private readonly base: URL;

  constructor(options: TransportOptions) {
    this.options = options;
    this.base = new URL(options.server);
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
      const { statusCode, body } = await this.open(request, { idleMs, signal });
      if (statusCode >= 400) throw answerError(verb, what, statusCode, await body.text());
      let rest = '';
      for await (const chunk of body.setEncoding('utf8')) {
        const lines = (rest + String(chunk)).split('\n');
        rest = lines.pop() ?? '';
        yield* lines.filter((line) => line !== '');
      }
    } catch (cause) {
      if (signal.aborted) return;
      throw cause instanceof KubeError ? cause : transportError(verb, what, this.options.server, cause);
    }
  }

  private async once(request: KubeRequest): Promise<string> {
    const { verb, what } = request;
    const { status, body } = await this.send(request).catch((cause: unknown) => {
      throw transportError(verb, what, this.options.server, cause);
    });
    if (status >= 400) throw answerError(verb, what, status, body);
    return body;
  }

  private async send(request: KubeRequest): Promise<{ status: number; body: string }> {
    const idleMs = this.options.requestTimeoutMs ?? timeoutsInForce().apiRequestMs;
    const answer = await this.open(request, { idleMs });
    return { status: answer.statusCode, body: await answer.body.text() };
  }

  private async open({ method, path, body, contentType }: KubeRequest, wait: { idleMs: number; signal?: AbortSignal }) {
    return this.options.dispatcher.request({
      origin: this.base.origin,
      path: `${this.base.pathname.replace(/\/$/, '')}${path}`,
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'ordeal',
        ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
        ...(await this.options.authorize()),
      },
      body: body === undefined ? null : JSON.stringify(body),
      headersTimeout: wait.idleMs,
      bodyTimeout: wait.idleMs,
      signal: wait.signal,
    });
  }
}

/** Throttled (429) was never processed; the rest is only repeated for verbs that may be repeated. */
function worthRetrying(error: unknown, { method }: KubeRequest): boolean {
  if (!(error instanceof KubeError)) return false;
  if (error.status === 429) return true;
  const idempotent = method !== 'POST';
  if (error.status === undefined) return idempotent && /ECONNRESET|EPIPE|other side closed/.test(error.message);
  if (error.status === 403) return /error looking up service account|namespace .* not found/.test(error.message);
  return idempotent && (error.status === 503 || error.status === 504 || /etcdserver/.test(error.message));
}
