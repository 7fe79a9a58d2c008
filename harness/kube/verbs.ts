import { timeoutsInForce } from '../base/timeouts.ts';
import { z } from 'zod';
import { describeRef, KubeError } from './errors.ts';
import { deletionBlockers } from './deletion-blockers.ts';
import { describeCollection, type Listed, listPages } from './list-pages.ts';
import { poll } from './poll.ts';
import type { Resources } from './resources.ts';
import type { Transport } from './transport.ts';
import type { Collection, KubeObject, ListQuery, ObjectRef, PatchOptions } from './types.ts';

const Stored = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({}) });
const Deleted = z.looseObject({
  details: z.looseObject({ uid: z.string().optional() }).optional(),
  metadata: z.looseObject({ uid: z.string().optional() }).optional(),
});

const fieldManager = 'ordeal';
const pageSize = 500;

export interface RemoveOptions {
  readonly awaitGone?: boolean;
  readonly gracePeriodSeconds?: number;
  readonly timeoutMs?: number;
}

/** The verbs on single objects and collections; every method throws KubeError with verb and object. */
export class Verbs {
  private readonly transport: Transport;
  private readonly resources: Resources;

  constructor(transport: Transport, resources: Resources) {
    this.transport = transport;
    this.resources = resources;
  }

  async apply<T extends KubeObject>(object: T): Promise<T> {
    const ref = refOf(object);
    const path = `${await this.resources.path(ref)}?fieldManager=${fieldManager}&force=true`;
    const contentType = 'application/apply-patch+yaml';
    const what = describeRef(ref);
    // A first apply can race with a controller creating the same object: 409 asks to apply again.
    return this.untilNoConflict(async () => {
      const body = await this.transport.json({
        method: 'PATCH',
        path,
        body: object,
        contentType,
        verb: 'apply',
        what,
      });
      // The server answers with the object it was sent, defaults filled in: the caller's type still describes it.
      return stored(body) as T;
    });
  }

  async create<T extends KubeObject>(object: T): Promise<T> {
    const ref = refOf(object);
    const path = await this.resources.path({ ...ref, namespace: ref.namespace ?? 'default', name: undefined });
    const what = describeRef({ ...ref, name: ref.name === '' ? (object.metadata.generateName ?? '') : ref.name });
    return stored(await this.transport.json({ method: 'POST', path, body: object, verb: 'create', what })) as T;
  }

  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    try {
      const path = await this.resources.path(ref);
      return stored(await this.transport.json({ method: 'GET', path, verb: 'get', what: describeRef(ref) }));
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async list(query: ListQuery): Promise<KubeObject[]> {
    return (await this.listed(query)).items;
  }

  /**
   * Returns the objects of a collection, and its version, from which a watch goes on. Where it changes so much that the
   * place of the next page is lost (410), it is asked for again in one piece.
   */
  async listed(query: ListQuery): Promise<Listed> {
    try {
      return await listPages(this.transport, this.resources, query, pageSize);
    } catch (error) {
      if (!isStatus(error, 410)) throw error;
      return listPages(this.transport, this.resources, query, 0);
    }
  }

  async patch(ref: ObjectRef, body: object, { subresource }: PatchOptions = {}): Promise<KubeObject> {
    const part = subresource === undefined ? '' : `/${subresource}`;
    const path = `${await this.resources.path(ref)}${part}?fieldManager=${fieldManager}`;
    const contentType = 'application/merge-patch+json';
    const what = describeRef(ref);
    return this.untilNoConflict(async () =>
      stored(await this.transport.json({ method: 'PATCH', path, body, contentType, verb: 'patch', what })),
    );
  }

  async remove(ref: ObjectRef, options: RemoveOptions = {}): Promise<void> {
    const uid = await this.startRemoval(ref, options.gracePeriodSeconds);
    if (options.awaitGone !== true || uid === undefined) return;
    const timeoutMs = options.timeoutMs ?? timeoutsInForce().objectGoneMs;
    const gone = await poll(timeoutMs, async () => {
      const now = await this.get(ref);
      // An owner may have made a successor of the same name already.
      return now === undefined || (uid !== '' && now.metadata.uid !== uid) ? true : undefined;
    });
    if (gone === undefined) throw await this.stillThere(ref, timeoutMs);
  }

  async removeAll({ apiVersion, kind, namespace }: Collection): Promise<void> {
    const path = await this.resources.path({ apiVersion, kind, namespace });
    const body = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' };
    const what = describeCollection({ kind, namespace });
    await this.transport.json({ method: 'DELETE', path, body, verb: 'delete', what });
  }

  /** Returns the uid of what is being deleted, '' when unknown, undefined when nothing was there. */
  private async startRemoval(ref: ObjectRef, gracePeriodSeconds?: number): Promise<string | undefined> {
    const what = describeRef(ref);
    const body = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background', gracePeriodSeconds };
    try {
      const path = await this.resources.path(ref);
      const answer = await this.transport.json({ method: 'DELETE', path, body, verb: 'delete', what });
      const { details, metadata } = Deleted.parse(answer);
      return details?.uid ?? metadata?.uid ?? '';
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      // A namespace that is already going away answers 409.
      if (isStatus(error, 409)) return '';
      throw error;
    }
  }

  private async stillThere(ref: ObjectRef, timeoutMs: number): Promise<KubeError> {
    const held = deletionBlockers(await this.get(ref));
    return new KubeError(`${describeRef(ref)} was deleted but is still there after ${timeoutMs} ms; held by: ${held}`);
  }

  private async untilNoConflict<T>(attempt: () => Promise<T>): Promise<T> {
    let conflict: unknown;
    const done = await poll(timeoutsInForce().apiConflictMs, async () => {
      try {
        return { value: await attempt() };
      } catch (error) {
        if (!isStatus(error, 409)) throw error;
        conflict = error;
        return undefined;
      }
    });
    if (done === undefined) throw conflict;
    return done.value;
  }
}

/** Returns the reference of an object; `name` is '' for one that the server will name. */
export function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  const { name = '', namespace } = metadata;
  return namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, name, namespace };
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof KubeError && error.status === status;
}

function stored(body: unknown): KubeObject {
  return Stored.parse(body);
}
