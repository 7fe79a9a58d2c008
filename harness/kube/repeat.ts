import { type Dispatcher, interceptors } from 'undici';
import { timeoutsInForce } from '../base/timeouts.ts';

const attempts = 6;
/** A server that is not there is known soon: who waits for one asks again (`poll.ts`). */
const knocks = 4;
const firstPauseMs = 100;

interface Refusal {
  readonly code?: string;
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
}

/** Returns the same dispatcher, over which requests are sent again where the API server, or a lost connection, asks for it. */
export function repeating(dispatcher: Dispatcher): Dispatcher {
  return dispatcher.compose(
    interceptors.retry({
      throwOnError: false,
      retry: (error, { state, opts }, done) => {
        const pauseMs =
          state.counter < attempts ? pauseBefore(error as Refusal, opts.method, state.counter) : undefined;
        if (pauseMs === undefined) done(error);
        else setTimeout(() => done(null), pauseMs);
        return null;
      },
    }),
  );
}

/** Nothing of the request was read by anybody. */
const unsent = ['ECONNREFUSED', 'EAI_AGAIN'];
const cutOff = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];
const unwell = [500, 502, 503, 504];

/**
 * Returns how long to wait before a request is sent again, in ms, or undefined where it must not be. As in client-go: 429,
 * and 5xx with Retry-After, ask for it whatever the verb; else only what may be done twice. Exported for its test.
 */
export function pauseBefore(
  { code, statusCode, headers }: Refusal,
  method: string,
  counter: number,
): number | undefined {
  const growing = firstPauseMs * 2 ** (counter - 1);
  const mayRepeat = method !== 'POST';
  if (statusCode === undefined || statusCode < 300) {
    const known = unsent.includes(code ?? '') || (mayRepeat && cutOff.includes(code ?? ''));
    return known && counter < knocks ? growing : undefined;
  }
  const asked = askedPause(headers?.['retry-after']);
  if (statusCode === 429) return asked ?? growing;
  if (statusCode >= 500 && asked !== undefined) return asked;
  return mayRepeat && unwell.includes(statusCode) ? growing : undefined;
}

/** Seconds, or a date (RFC 9110 section 10.2.3); never longer than a request may take. */
function askedPause(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), timeoutsInForce().apiRequestMs);
}
