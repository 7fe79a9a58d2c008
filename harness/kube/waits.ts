import { isApiWait, OrdealError } from '../base/errors.ts';
import { describeRef, KubeError } from './errors.ts';
import { poll } from './poll.ts';
import { podSelector, podTrouble, rolloutGap } from './rollout.ts';
import type { KubeObject, ObjectRef } from './types.ts';
import type { Verbs } from './verbs.ts';

type Reader = Pick<Verbs, 'get' | 'list'>;

/**
 * Polls an object until `done`; an API server that does not answer for a while is waited for. Returns the object.
 * @throws OrdealError API_WAIT naming `what` and the last observation; KubeError at once when the right is lacking.
 */
export async function untilObject(
  reader: Reader,
  ref: ObjectRef,
  what: string,
  timeoutMs: number,
  done: (object: KubeObject | undefined) => boolean,
): Promise<KubeObject | undefined> {
  let last: string | undefined;
  const found = await poll(timeoutMs, async () => {
    try {
      const object = await reader.get(ref);
      if (done(object)) return { object };
      last = describeObject(object);
    } catch (error) {
      if (!(error instanceof KubeError) || isFinal(error)) throw error;
      last = error.message;
    }
    return undefined;
  });
  if (found !== undefined) return found.object;
  throw new OrdealError(
    'API_WAIT',
    `${describeRef(ref)}: not so within ${timeoutMs} ms: ${what}; last seen: ${last ?? 'nothing'}`,
  );
}

/** Waits until a workload is rolled out. @throws OrdealError API_WAIT with its counts and its pods' troubles. */
export async function untilRolledOut(reader: Reader, ref: ObjectRef, timeoutMs: number): Promise<void> {
  let last: KubeObject | undefined;
  try {
    await untilObject(reader, ref, 'fully rolled out', timeoutMs, (object) => {
      last = object;
      return rolloutGap(object) === undefined;
    });
  } catch (cause) {
    if (!isApiWait(cause)) throw cause;
    const troubles = last === undefined ? [] : await podTroubles(reader, last);
    const seen = [rolloutGap(last) ?? cause.message, ...troubles].join('; ');
    throw new OrdealError('API_WAIT', `${describeRef(ref)} is not rolled out after ${timeoutMs} ms: ${seen}`);
  }
}

const shownPods = 4;

async function podTroubles(reader: Reader, workload: KubeObject): Promise<string[]> {
  const { namespace } = workload.metadata;
  const query = { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: podSelector(workload) };
  const pods = await reader.list(query).catch(() => []);
  return pods.flatMap((pod) => podTrouble(pod) ?? []).slice(0, shownPods);
}

/** 401, 403 and the like stay as they are; no answer, 429 and 5xx pass. */
function isFinal({ status }: KubeError): boolean {
  return status !== undefined && status < 500 && status !== 429;
}

function describeObject(object: KubeObject | undefined): string {
  if (object === undefined) return 'absent';
  return JSON.stringify(object['status'] ?? { metadata: object.metadata }).slice(0, 400);
}
