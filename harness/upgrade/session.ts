import { setTimeout as pause } from 'node:timers/promises';
import { CleanupStack } from '../base/cleanup.ts';
import type { Emit } from '../events/types.ts';
import { poll } from '../kube/poll.ts';
import { Collector, type SeenWindow } from './collector.ts';
import { harnessNowMs } from './harness-clock.ts';
import { fleetOf, furnish, type SessionOptions, sessionNamespace, untilAllThere } from './furnish.ts';
import type { Lane } from './lane.ts';
import { NodeChanges, type NodeSpan } from './node-changes.ts';
import { planLanes } from './plan-lanes.ts';
import { Roster } from './roster.ts';
import { sceneOf } from './scene.ts';

/** Told of what happens as it happens. */
export interface SessionEars {
  readonly emit: Emit;
  windows(windows: readonly SeenWindow[]): void;
}

const pollEveryMs = 1_000;
/** Sampling of every path of one cluster, from before something happens until after. */
export class Session {
  readonly collector: Collector;
  readonly roster: Roster;
  private readonly cleanup: CleanupStack;
  private readonly over: AbortController;
  private readonly nodes = new NodeChanges();
  private readonly options: SessionOptions;
  private readonly ears: SessionEars;
  private readonly declared = new Set<string>();
  private readonly working: Promise<unknown>[] = [];

  private constructor(
    options: SessionOptions,
    ears: SessionEars,
    parts: Pick<Session, 'collector' | 'roster'> & Begun,
  ) {
    this.options = options;
    this.ears = ears;
    this.collector = parts.collector;
    this.roster = parts.roster;
    this.cleanup = parts.cleanup;
    this.over = parts.over;
  }

  /**
   * Puts agents on every node, Services in front of some and a policy on others, and begins to sample. What it creates
   * is removed by `close`, and by itself when it fails. @throws OrdealError KUBE_API, API_WAIT, AGENT.
   */
  static async open(options: SessionOptions, ears: SessionEars): Promise<Session> {
    const { timeouts, cluster, runId, progress } = options;
    const cleanup = new CleanupStack({ timeoutMs: timeouts.cleanupMs });
    const over = new AbortController();
    try {
      const place = { namespace: sessionNamespace(runId), runId };
      const roster = new Roster(fleetOf(options), place);
      await progress.step('agents on every node', () => furnish(options, place, cleanup));
      void roster.follow(over.signal);
      await untilAllThere(roster, options);
      const { nodes, clusterDomain } = cluster.info;
      const { own, mostNodes, rhythm } = options;
      const scene = await sceneOf({ kube: cluster.kube, place, nodes, clusterDomain, own, mostNodes }, roster);
      const collector = new Collector(roster, () => planLanes(scene(), rhythm));
      const session = new Session(options, ears, { collector, roster, cleanup, over });
      session.begin();
      return session;
    } catch (error) {
      over.abort();
      throw await cleanup.runAfter(error);
    }
  }

  /** Lanes as they are sampled now. */
  lanes(): Lane[] {
    return [...this.collector.lanes.values()];
  }

  /** Waits until every path that ought to answer does, for a while: one that never does is told, and not waited for. */
  async untilFlowing(): Promise<void> {
    const { timeouts, signal } = this.options;
    await poll(timeouts.settleMs, () => {
      const awaited = this.lanes().filter(({ expected, connections }) => expected === 'open' && connections !== 'idle');
      const flow = awaited.every(({ id }) => {
        const book = this.collector.books.get(id);
        return book?.knownToMs !== undefined && !book.isDown;
      });
      return Promise.resolve((awaited.length > 0 && flow) || signal.aborted ? true : undefined);
    });
  }

  /** Reads everything a last time, and returns the nodes' spans that were still open. Samples no more. */
  async stop(): Promise<void> {
    await this.readLast();
    this.over.abort();
    await Promise.allSettled(this.working);
    const nowMs = harnessNowMs();
    this.ears.windows([...this.collector.take(nowMs, true), ...this.collector.finish(nowMs)]);
    this.tellSpans(this.nodes.take(nowMs, true));
  }

  /** Removes what the session made, and waits until it is gone. @throws OrdealError CLUSTER naming what is left. */
  async close(): Promise<void> {
    this.over.abort();
    this.roster.close();
    await this.cleanup.run();
  }

  private begin(): void {
    this.working.push(this.nodes.follow(this.options.cluster.kube, this.over.signal), this.keepReading());
  }

  private async keepReading(): Promise<void> {
    const { signal } = this.over;
    while (!signal.aborted) {
      await this.read();
      await pause(pollEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async read(): Promise<void> {
    await this.collector.poll();
    this.tellLanes();
    const nowMs = harnessNowMs();
    this.ears.windows(this.collector.take(nowMs));
    this.tellSpans(this.nodes.take(nowMs));
  }

  /** Attempts in flight end first, and a control plane that is just coming back is waited for. */
  private async readLast(): Promise<void> {
    const { rhythm, timeouts, signal } = this.options;
    await pause(rhythm.timeoutMs + pollEveryMs, undefined, { signal }).catch(() => undefined);
    await poll(timeouts.settleMs, async () => {
      await this.collector.poll();
      return this.collector.heard(harnessNowMs()).silent === 0 ? true : undefined;
    });
  }

  private tellLanes(): void {
    for (const { id, client, class: pathClass, to, transport, connections, expected, spec } of this.lanes()) {
      if (this.declared.has(id)) continue;
      this.declared.add(id);
      const said = { class: pathClass, from: client.node, to, transport, connections, expected };
      this.ears.emit({ type: 'lane', lane: id, ...said, everyMs: spec.everyMs });
    }
  }

  private tellSpans(spans: readonly NodeSpan[]): void {
    for (const { kind, title, fromMs, toMs } of spans)
      this.ears.emit({ type: 'span', kind, title, from: new Date(fromMs).toISOString(), ms: toMs - fromMs });
  }
}

interface Begun {
  readonly cleanup: CleanupStack;
  readonly over: AbortController;
}
