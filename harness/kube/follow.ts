import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { KubeError } from './errors.ts';
import type { Resources } from './resources.ts';
import type { Transport } from './transport.ts';
import type { Change, KubeObject, ListQuery } from './types.ts';
import type { Verbs } from './verbs.ts';

interface Parts {
  readonly transport: Transport;
  readonly resources: Resources;
  readonly verbs: Verbs;
}

const Event = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']),
    object: z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({}) }),
  }),
  // A Status: commonly 410, the version that was asked from is too old.
  z.looseObject({ type: z.literal('ERROR') }),
]);

/** The server ends a watch by itself, and it must not be taken for one that hangs. */
const watchSeconds = 240;
const pauseMs = 200;

/**
 * Yields every object of a collection, then each that changes, until `signal` aborts: lists, watches from the version
 * listed, and begins anew when the watch ends (Kubernetes API concepts, "Efficient detection of changes"). Nothing is
 * missed in between, but several changes of one object may come as one. @throws KubeError where the list does.
 */
export async function* follow(parts: Parts, query: ListQuery, signal: AbortSignal): AsyncGenerator<Change> {
  const known = new Map<string, KubeObject>();
  while (!signal.aborted) {
    const { items, resourceVersion } = await parts.verbs.listed(query);
    const listed = new Set(items.map(keyOf));
    for (const [key, object] of known) {
      if (!listed.has(key)) yield* told(known, { object, gone: true });
    }
    for (const object of items) yield* told(known, { object, gone: false });
    try {
      for await (const change of watch(parts, query, resourceVersion, signal)) yield* told(known, change);
    } catch (error) {
      // Without the right to watch, or with no answer for a while, lists alone will do.
      if (!(error instanceof KubeError)) throw error;
    }
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

function* told(known: Map<string, KubeObject>, change: Change): Generator<Change> {
  if (change.gone) known.delete(keyOf(change.object));
  else known.set(keyOf(change.object), change.object);
  yield change;
}

const keyOf = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;

async function* watch(
  { transport, resources }: Parts,
  { apiVersion, kind, namespace, labelSelector }: ListQuery,
  resourceVersion: string,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const query = new URLSearchParams({ watch: '1', resourceVersion, timeoutSeconds: String(watchSeconds) });
  if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
  const path = `${await resources.path({ apiVersion, kind, namespace })}?${query.toString()}`;
  const request = { method: 'GET', path, verb: 'watch', what: `${kind} objects` } as const;
  for await (const line of transport.lines(request, { idleMs: (watchSeconds + 30) * 1_000, signal })) {
    const event = Event.parse(JSON.parse(line));
    if (event.type === 'ERROR') return;
    if (event.type !== 'BOOKMARK') yield { object: event.object, gone: event.type === 'DELETED' };
  }
}
