import type { Duplex } from 'node:stream';
import { applyInWaves } from './apply-all.ts';
import { execInPod } from './exec.ts';
import { follow } from './follow.ts';
import { forwardPort } from './port-forward.ts';
import { Resources } from './resources.ts';
import type { OpenSocket } from './sockets.ts';
import type { Transport } from './transport.ts';
import type {
  Change,
  Collection,
  ExecResult,
  Kube,
  KubeObject,
  ListQuery,
  LogOptions,
  ObjectRef,
  PatchOptions,
} from './types.ts';
import { Verbs, type RemoveOptions } from './verbs.ts';
import { untilObject, untilRolledOut } from './waits.ts';

export interface KubeParts {
  readonly transport: Transport;
  readonly openSocket: OpenSocket;
  readonly close: () => Promise<void>;
}

/** The Kube of one cluster over a transport and a way to open sockets. */
export class ApiKube implements Kube {
  private readonly parts: KubeParts;
  private readonly resources: Resources;
  private readonly verbs: Verbs;

  constructor(parts: KubeParts) {
    this.parts = parts;
    this.resources = new Resources(parts.transport);
    this.verbs = new Verbs(parts.transport, this.resources);
  }

  apply<T extends KubeObject>(object: T): Promise<T> {
    return this.verbs.apply(object);
  }

  applyAll(objects: readonly KubeObject[]): Promise<void> {
    return applyInWaves(this.verbs, this.resources, objects);
  }

  create<T extends KubeObject>(object: T): Promise<T> {
    return this.verbs.create(object);
  }

  get(ref: ObjectRef): Promise<KubeObject | undefined> {
    return this.verbs.get(ref);
  }

  list(query: ListQuery): Promise<KubeObject[]> {
    return this.verbs.list(query);
  }

  follow(query: ListQuery, signal: AbortSignal): AsyncGenerator<Change> {
    const { transport } = this.parts;
    return follow({ transport, resources: this.resources, verbs: this.verbs }, query, signal);
  }

  patch(ref: ObjectRef, body: object, options?: PatchOptions): Promise<KubeObject> {
    return this.verbs.patch(ref, body, options);
  }

  removeAll(collection: Collection): Promise<void> {
    return this.verbs.removeAll(collection);
  }

  remove(ref: ObjectRef, options?: RemoveOptions): Promise<void> {
    return this.verbs.remove(ref, options);
  }

  until(ref: ObjectRef, what: string, timeoutMs: number, done: (object: KubeObject | undefined) => boolean) {
    return untilObject(this.verbs, ref, what, timeoutMs, done);
  }

  untilRolledOut(ref: ObjectRef, timeoutMs: number): Promise<void> {
    return untilRolledOut(this.verbs, ref, timeoutMs);
  }

  exec(
    pod: { namespace: string; name: string; container?: string },
    argv: readonly string[],
    options?: { timeoutMs?: number; stdin?: string },
  ): Promise<ExecResult> {
    return execInPod(this.parts.openSocket, pod, argv, options);
  }

  portForward(pod: { namespace: string; name: string }, port: number): Promise<Duplex> {
    return forwardPort(this.parts.openSocket, pod, port);
  }

  async logs(
    pod: { namespace: string; name: string; container?: string },
    { tailLines, limitBytes }: LogOptions = {},
  ): Promise<string> {
    const query = new URLSearchParams();
    if (pod.container !== undefined) query.set('container', pod.container);
    if (tailLines !== undefined) query.set('tailLines', String(tailLines));
    if (limitBytes !== undefined) query.set('limitBytes', String(limitBytes));
    const ref = { apiVersion: 'v1', kind: 'Pod', ...pod };
    const path = `${await this.resources.path(ref)}/log?${query.toString()}`;
    return this.parts.transport.text({
      method: 'GET',
      path,
      verb: 'read logs of',
      what: `${pod.namespace}/${pod.name}`,
    });
  }

  async raw(path: string): Promise<unknown> {
    const text = await this.parts.transport.text({ method: 'GET', path, verb: 'get', what: path });
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }

  close(): Promise<void> {
    return this.parts.close();
  }
}
