import type { Duplex } from 'node:stream';

export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  uid?: string;
  resourceVersion?: string;
  deletionTimestamp?: string;
  [field: string]: unknown;
}

/** Any Kubernetes object; narrow with a zod schema or a type guard where fields are read. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** The objects of one kind in one namespace. */
export interface Collection {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
}

export interface ListQuery {
  readonly apiVersion: string;
  readonly kind: string;
  /** None: all of them. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
}

/** An object of a collection as it is now, or as it last was when it is `gone`. */
export interface Change {
  readonly object: KubeObject;
  readonly gone: boolean;
}

export interface ExecResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LogOptions {
  readonly tailLines?: number;
  /** The API server sends no more; it counts from the first of these lines. */
  readonly limitBytes?: number;
}

export interface PatchOptions {
  readonly subresource?: 'status';
}

/** Thin layer over the API server of one cluster. Every method throws OrdealError KUBE_API with verb and object. */
export interface Kube {
  /** Server-side apply, forced, field manager `ordeal`; returns the stored object. */
  apply<T extends KubeObject>(object: T): Promise<T>;
  /** Applies in order (namespaces and CRDs first), waiting for CRDs to be Established. */
  applyAll(objects: readonly KubeObject[]): Promise<void>;
  create<T extends KubeObject>(object: T): Promise<T>;
  /** Returns undefined when absent (404). */
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  list(query: ListQuery): Promise<KubeObject[]>;
  /** Every object of a collection, then each that changes, until `signal` aborts. Ends without an error then. */
  follow(query: ListQuery, signal: AbortSignal): AsyncIterable<Change>;
  /** JSON merge patch, of the object or of its status; `null` removes a field. Retries a 409 on the fresh object. */
  patch(ref: ObjectRef, body: object, options?: PatchOptions): Promise<KubeObject>;
  /** Deletes; absent is fine. With `awaitGone` waits until the API answers 404. */
  remove(
    ref: ObjectRef,
    options?: { awaitGone?: boolean; gracePeriodSeconds?: number; timeoutMs?: number },
  ): Promise<void>;
  /** Deletes all objects of a collection with one request, and returns at once. */
  removeAll(collection: Collection): Promise<void>;
  /** Polls until `done(object)`. @throws OrdealError API_WAIT naming `what` and the last observation after `timeoutMs`. */
  until(
    ref: ObjectRef,
    what: string,
    timeoutMs: number,
    done: (object: KubeObject | undefined) => boolean,
  ): Promise<KubeObject | undefined>;
  /** Waits for a Deployment, DaemonSet or StatefulSet to be fully rolled out and available. */
  untilRolledOut(ref: ObjectRef, timeoutMs: number): Promise<void>;
  exec(
    pod: { namespace: string; name: string; container?: string },
    argv: readonly string[],
    options?: { timeoutMs?: number; stdin?: string },
  ): Promise<ExecResult>;
  /** A byte stream to a port on the pod's loopback. Closes when either side does. */
  portForward(pod: { namespace: string; name: string }, port: number): Promise<Duplex>;
  logs(pod: { namespace: string; name: string; container?: string }, options?: LogOptions): Promise<string>;
  /** GET of a raw path (`/version`, `/readyz`), parsed as JSON where it is JSON. */
  raw(path: string): Promise<unknown>;
  close(): Promise<void>;
}
