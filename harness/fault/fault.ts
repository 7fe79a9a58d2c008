import type { NodeExec } from '../node/types.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { InconclusiveError } from '../base/errors.ts';
import { describeError, OrdealError } from '../base/errors.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { applyOnNode, armOnNode, recordOnNode, undoOnNode } from './on-node.ts';
import { dropRecord, writeRecord, type FaultRecord } from './record.ts';
import type { Fault, FaultPlan, FaultReport, NodeAction, RevertedBy } from './types.ts';

export interface FaultHost {
  /** Absent where nodes cannot be entered; then only plans without node actions can be carried out. */
  readonly exec: NodeExec | undefined;
  readonly stateDir: string;
  readonly record: FaultRecord;
  readonly timeouts: Pick<Timeouts, 'settleMs' | 'settlePollMs'>;
  readonly report: FaultReport;
}

/** Returns the plan as a resource; nothing happens before `inject()`. */
export function createFault(plan: FaultPlan, host: FaultHost): Fault {
  return new PlannedFault(plan, host);
}

class PlannedFault implements Fault {
  readonly id: string;
  readonly title: string;
  private readonly plan: FaultPlan;
  private readonly host: FaultHost;
  private readonly actions: readonly NodeAction[];
  private injectedAt = 0;
  private touched = false;

  constructor(plan: FaultPlan, host: FaultHost) {
    this.id = host.record.id;
    this.title = plan.title;
    this.plan = plan;
    this.host = host;
    this.actions = plan.actions(host.record.id);
  }

  async inject(): Promise<void> {
    const before = await this.plan.effect();
    if (before.present) {
      throw new InconclusiveError(`${this.title}: its effect is there before the fault (${before.seen})`);
    }
    this.touched = true;
    await writeRecord(this.host.stateDir, this.host.record);
    try {
      await this.arm();
      await this.apply();
    } catch (error) {
      await this.undoAfterFailure(error);
      throw error;
    }
  }

  async observe(): Promise<{ seen: string; ms: number }> {
    const { settleMs, settlePollMs } = this.host.timeouts;
    const deadline = performance.now() + settleMs;
    for (;;) {
      const effect = await this.plan.effect();
      const ms = performance.now() - this.injectedAt;
      if (effect.present) {
        this.host.report('observed', `${effect.seen} (after ${ms.toFixed(0)} ms)`);
        return { seen: effect.seen, ms };
      }
      if (performance.now() > deadline) return this.ineffective(effect.seen);
      await pause(settlePollMs);
    }
  }

  async revert(): Promise<RevertedBy> {
    if (!this.touched) return 'nobody';
    const by = await this.undoEverywhere();
    this.touched = false;
    await dropRecord(this.host.stateDir, this.id);
    const phase = by === 'deadline' ? 'deadline-reverted' : 'reverted';
    this.host.report(phase, this.actions.length === 0 ? 'nothing to undo' : `${this.title}: taken away by ${by}`);
    return by;
  }

  private async arm(): Promise<void> {
    const { record, report } = this.host;
    for (const action of this.actions) {
      const exec = this.nodeExec();
      await recordOnNode(exec, action, record);
      await armOnNode(exec, action.node, record.id, record.deadlineMs);
    }
    const nodes = this.actions.map((action) => action.node).join(', ');
    if (nodes !== '') report('armed', `${nodes}: reverts by itself after ${record.deadlineMs} ms`);
  }

  private async apply(): Promise<void> {
    for (const action of this.actions) await applyOnNode(this.nodeExec(), action, this.id);
    await this.plan.strike?.();
    this.injectedAt = performance.now();
    this.host.report('injected', this.title);
  }

  private nodeExec(): NodeExec {
    if (this.host.exec !== undefined) return this.host.exec;
    throw new OrdealError('FAULT', `${this.title}: the nodes of this cluster cannot be entered`, {
      remedy: 'Give the case the need NodeAccess, so that it is skipped here.',
    });
  }

  /** Every node is tried even when one fails, so that one broken node does not keep the others broken. */
  private async undoEverywhere(): Promise<RevertedBy> {
    const tries = await Promise.allSettled(
      this.actions.map((action) => undoOnNode(this.nodeExec(), action.node, this.id)),
    );
    const failed = tries.find((one) => one.status === 'rejected');
    if (failed !== undefined) {
      this.host.report('leaked', `${this.title}: ${describeError(failed.reason)}`);
      throw new OrdealError('FAULT', `${this.title} may still be in place`, {
        cause: failed.reason,
        remedy: `The node reverts it at its deadline (${this.host.record.deadlineMs} ms); else \`ordeal clean\`.`,
      });
    }
    const by = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    return by.find((who) => who === 'deadline') ?? by.find((who) => who === 'harness') ?? 'nobody';
  }

  /** The injection's own error matters more than the clean-up's, which `revert` has already reported as `leaked`. */
  private async undoAfterFailure(cause: unknown): Promise<void> {
    await this.revert().catch((error: unknown) => {
      this.host.report('leaked', `${describeError(error)} after ${describeError(cause)}`);
    });
  }

  private ineffective(seen: string): never {
    this.host.report('ineffective', seen);
    throw new InconclusiveError(`${this.title} was applied but cannot be measured: ${seen}`, {
      remedy: 'The datapath of this CNI may bypass the hook; see "faults" in CONTRIBUTING.',
    });
  }
}
