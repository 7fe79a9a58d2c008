import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Kube } from '../kube/types.ts';
import { harnessNowMs } from './harness-clock.ts';

const Node = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({ unschedulable: z.boolean().default(false) }),
  status: z.looseObject({
    conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
    nodeInfo: z.looseObject({ kubeletVersion: z.string().default('') }).default({ kubeletVersion: '' }),
  }),
});
type Node = z.infer<typeof Node>;

/** A stretch in which a node was not as it should be, or the moment in which it became another version. */
export interface NodeSpan {
  readonly kind: 'node';
  readonly title: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const retryMs = 1_000;

/** Follows the nodes: who is cordoned, who is not Ready, whose kubelet changed. */
export class NodeChanges {
  private readonly spans: NodeSpan[] = [];
  private readonly open = new Map<string, number>();
  private readonly versions = new Map<string, string>();

  /** Until `signal` aborts, through any time in which the API server does not answer. */
  async follow(kube: Kube, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const { object, gone } of kube.follow({ apiVersion: 'v1', kind: 'Node' }, signal))
          if (!gone) this.see(Node.parse(object), harnessNowMs());
      } catch {
        await pause(retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Takes what has ended; `all`: also what has not. */
  take(nowMs: number, all = false): NodeSpan[] {
    if (all) for (const title of [...this.open.keys()]) this.end(title, nowMs);
    return this.spans.splice(0);
  }

  see({ metadata: { name }, spec, status }: Node, nowMs: number): void {
    const isReady = status.conditions.some((one) => one.type === 'Ready' && one.status === 'True');
    this.set(`${name} cordoned`, spec.unschedulable, nowMs);
    this.set(`${name} not Ready`, !isReady, nowMs);
    const { kubeletVersion } = status.nodeInfo;
    const before = this.versions.get(name);
    this.versions.set(name, kubeletVersion);
    if (before !== undefined && before !== kubeletVersion)
      this.spans.push({
        kind: 'node',
        title: `${name} kubelet ${before} -> ${kubeletVersion}`,
        fromMs: nowMs,
        toMs: nowMs,
      });
  }

  private set(title: string, holds: boolean, nowMs: number): void {
    if (holds && !this.open.has(title)) this.open.set(title, nowMs);
    if (!holds) this.end(title, nowMs);
  }

  private end(title: string, nowMs: number): void {
    const fromMs = this.open.get(title);
    if (fromMs === undefined) return;
    this.open.delete(title);
    this.spans.push({ kind: 'node', title, fromMs, toMs: nowMs });
  }
}
