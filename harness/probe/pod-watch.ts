import type { Kube, KubeObject } from '../kube/types.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { isUnsettled, type OrdealError } from '../base/errors.ts';
import { isHopeless, isReady, Pod, podTrouble } from './pod-status.ts';

interface PodWatchOptions {
  readonly kube: Kube;
  readonly runId: string;
  readonly timeouts: Pick<Timeouts, 'podReadyMs' | 'podNetworkMs' | 'podLookMs'>;
  readonly signal: AbortSignal | undefined;
  /** Whether the agent of a pod answers by a way that takes no pod network. */
  readonly answers: (pod: Pod) => Promise<boolean>;
}

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

interface Awaited extends PromiseWithResolvers<Pod> {
  readonly of: PodName;
  readonly since: number;
  /** Of giving up, and of looking whether the network is to blame. */
  readonly timers: NodeJS.Timeout[];
}

const keyOf = ({ namespace, name }: PodName) => `${namespace}/${name}`;

/** Waits for pods of a run. All are followed in one stream, and only while one is awaited. */
export class PodWatch {
  private readonly awaited = new Map<string, Awaited>();
  private readonly seen = new Map<string, Pod>();
  private over: AbortController | undefined;
  private readonly options: PodWatchOptions;

  constructor(options: PodWatchOptions) {
    this.options = options;
  }

  /**
   * Returns the pod once it is Ready. @throws OrdealError AGENT when it will not be, or not within `podReadyMs`,
   * NOT_SETTLED once the network is to blame.
   */
  ready(of: PodName): Promise<Pod> {
    const key = keyOf(of);
    const known = this.awaited.get(key);
    if (known !== undefined) return known.promise;
    const { podReadyMs, podNetworkMs } = this.options.timeouts;
    const timers = [
      setTimeout(() => this.giveUp(key), podReadyMs),
      setTimeout(() => void this.lookForNetwork(key), podNetworkMs),
    ];
    const one = { of, timers, since: performance.now(), ...Promise.withResolvers<Pod>() };
    this.awaited.set(key, one);
    if (this.over === undefined) void this.look();
    else if (this.seen.has(key)) void this.readAnew(of);
    return one.promise;
  }

  /** What was seen may be a predecessor of the same name, of whose end the stream has not told yet. */
  private async readAnew(of: PodName): Promise<void> {
    const { kube } = this.options;
    const object = await kube.get({ apiVersion: 'v1', kind: 'Pod', ...of }).catch(() => undefined);
    if (object === undefined) this.decide(keyOf(of));
    else this.see(object, false);
  }

  private async look(): Promise<void> {
    const { kube, runId } = this.options;
    const query = { apiVersion: 'v1', kind: 'Pod', labelSelector: `ordeal.dev/run=${runId}` };
    try {
      while (this.awaited.size > 0) {
        this.options.signal?.throwIfAborted();
        this.over = new AbortController();
        const { signal: runs = this.over.signal } = this.options;
        const signal = AbortSignal.any([this.over.signal, runs]);
        for await (const { object, gone } of kube.follow(query, signal)) this.see(object, gone);
        this.seen.clear();
      }
    } catch (error) {
      for (const key of this.awaited.keys()) this.settle(key)?.reject(error);
    } finally {
      this.over = undefined;
    }
  }

  private see(object: KubeObject, gone: boolean): void {
    const pod = Pod.parse(object);
    const key = keyOf(pod.metadata);
    if (gone) this.seen.delete(key);
    else this.seen.set(key, pod);
    this.decide(key);
  }

  private decide(key: string): void {
    const pod = this.seen.get(key);
    if (pod === undefined) return;
    if (isReady(pod)) this.settle(key)?.resolve(pod);
    else if (isHopeless(pod)) this.giveUp(key);
  }

  private giveUp(key: string): void {
    const one = this.settle(key);
    if (one !== undefined) void this.trouble(one).then(one.reject);
  }

  private trouble({ of, since }: Awaited): Promise<OrdealError> {
    const { kube, answers } = this.options;
    const seen = this.seen.get(keyOf(of));
    return podTrouble(kube, { pod: of, seen, waitedMs: performance.now() - since, answers });
  }

  /** Twice in a row, or an agent of the CNI that has just come back would pass for one that is gone. */
  private async lookForNetwork(key: string, before = false): Promise<void> {
    const one = this.awaited.get(key);
    if (one === undefined) return;
    const trouble = await this.trouble(one);
    if (this.awaited.get(key) !== one) return;
    const isNetwork = isUnsettled(trouble);
    if (isNetwork && before) return this.settle(key)?.reject(trouble);
    one.timers.push(setTimeout(() => void this.lookForNetwork(key, isNetwork), this.options.timeouts.podLookMs));
  }

  private settle(key: string): Awaited | undefined {
    const one = this.awaited.get(key);
    this.awaited.delete(key);
    one?.timers.forEach(clearTimeout);
    if (this.awaited.size === 0) this.over?.abort();
    return one;
  }
}
