import { z } from 'zod';
import { describeError, OrdealError } from '../base/errors.ts';
import type { ObjectRef } from './types.ts';

/** What the API server answered instead of the object. `status` is absent when no HTTP answer came at all. */
export class KubeError extends OrdealError {
  readonly status: number | undefined;
  readonly reason: string | undefined;

  constructor(
    message: string,
    answer: { status?: number; reason?: string } = {},
    options: { remedy?: string; cause?: unknown } = {},
  ) {
    super('KUBE_API', message, options);
    this.status = answer.status;
    this.reason = answer.reason;
  }
}

const Status = z.looseObject({ reason: z.string().optional(), message: z.string().optional() });
const maxMessage = 600;

/**
 * Returns the error of an HTTP answer: verb, object, status, reason and the server's own sentence. Request and answer
 * headers, which carry credentials, never get in.
 */
export function answerError(verb: string, what: string, status: number, body: string): KubeError {
  const { reason, message } = readStatus(body);
  const said = (message ?? body).trim().slice(0, maxMessage);
  const code = reason === undefined || reason === '' ? String(status) : `${status} ${reason}`;
  return new KubeError(
    `cannot ${verb} ${what}: the API server answered ${code}${said === '' ? '' : `: ${said}`}`,
    { status, reason },
    { remedy: remedies[status] },
  );
}

const remedies: Record<number, string | undefined> = {
  401: 'The credentials of this kubeconfig are not accepted (expired?); renew them and try again.',
  403: 'The user of this kubeconfig lacks this right; grant it, or use another context.',
};

/** Returns the error of a request that got no HTTP answer: refused, reset, timed out, wrong certificate. */
export function transportError(verb: string, what: string, server: string, cause: unknown): KubeError {
  return new KubeError(
    `cannot ${verb} ${what}: no answer from the API server ${server} (${rootReason(cause)})`,
    {},
    { remedy: 'Check that the cluster runs and that this machine reaches its API server.' },
  );
}

/** Turns what kept a credential from being obtained, in mid-run, into an error of the request that wanted it. Never returns. */
export function credentialError({ verb, what }: { verb: string; what: string }): (cause: unknown) => never {
  return (cause) => {
    const remedy = cause instanceof OrdealError ? cause.remedy : undefined;
    throw new KubeError(`cannot ${verb} ${what}: ${describeError(cause)}`, {}, remedy === undefined ? {} : { remedy });
  };
}

/** Returns `Kind namespace/name`. */
export function describeRef(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`;
}

function readStatus(body: string): { reason?: string; message?: string } {
  try {
    return Status.parse(JSON.parse(body));
  } catch {
    return {};
  }
}

/** undici wraps the interesting error (`ECONNREFUSED`) once or twice; an AggregateError has an empty message. */
function rootReason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(rootReason).join(', ');
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return rootReason(error.cause);
  return describeError(error);
}
