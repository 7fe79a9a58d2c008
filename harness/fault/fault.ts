import { describeError, InconclusiveError, OrdealError } from '../base/errors.ts';
import type { Timeouts } from '../base/timeouts.ts';
import type { NodeExec } from '../node/types.ts';
import { actsOf, isOnNode } from './acts.ts';
import { untilEffect } from './effect.ts';
import { actName, applyOnNode, armOnNode, recordOnNode } from './on-node.ts';
import { dropRecord, writeRecord, type FaultRecord } from './record.ts';
import { doubtOf } from './result.ts';
import type { Act, Effect, Fault, FaultPlan, FaultReport, FaultResult, MeasureEffect, NodeAct } from './types.ts';
import type { Observation, Placed, RevertedBy } from './types.ts';
import { undoActs } from './undo.ts';

export interface FaultHost {
  /** Absent where nodes cannot be entered; then only plans without acts on nodes can be carried out. */
  readonly exec: NodeExec | undefined;
  readonly stateDir: string;
  readonly record: Omit<FaultRecord, 'acts'>;
  readonly timeouts: Pick<Timeouts, 'settleMs' | 'settlePollMs'>;
  readonly report: FaultReport;
  /** `deadline`: it is meant to end by itself, and is in no doubt when it did. */
  readonly endsBy?: 'harness' | 'deadline' | undefined;
}

/** Returns the plan as a resource; nothing happens before `inject()`. */
export function createFault(plan: FaultPlan & { readonly effect: MeasureEffect }, host: FaultHost): Fault {
  return new PlannedFault(plan, host);
}

class PlannedFault implements Fault {
  readonly id: string;
  readonly title: string;
  readonly way: string | undefined;
  private readonly effect: MeasureEffect;
  private readonly host: FaultHost;
  private readonly plan: FaultPlan;
  private readonly acts: readonly Placed<Act>[];
  private readonly nodeActs: readonly Placed<NodeAct>[];
  private touched = false;
  private observed: Observation | undefined;
  private ended: FaultResult | undefined;

  constructor(plan: FaultPlan & { readonly effect: MeasureEffect }, host: FaultHost) {
    this.id = host.record.id;
    this.title = plan.title;
    this.way = plan.way;
    this.plan = plan;
    this.effect = plan.effect;
    this.host = host;
    this.acts = actsOf(plan, this.id);
    this.nodeActs = this.acts.filter(isOnNode);
  }

  get result(): FaultResult | undefined {
    return this.ended;
  }

  async inject(): Promise<Observation> {
    const before = await this.effect();
    if (before.present) {
      throw new InconclusiveError(`${this.title}: its effect is there before the fault (${before.seen})`);
    }
    this.touched = true;
    this.end('not-reverted', 'nobody', `${this.title} was not reverted`);
    try {
      await this.record();
      await this.arm();
      await this.apply();
    } catch (error) {
      await this.undoAfterFailure(error);
      throw error;
    }
    return this.observe(performance.now());
  }

  async revert(): Promise<RevertedBy> {
    if (!this.touched) return 'nobody';
    const by = await this.undo();
    this.touched = false;
    await dropRecord(this.host.stateDir, this.id);
    const phase = by === 'deadline' ? 'deadline-reverted' : 'reverted';
    this.host.report(phase, this.nodeActs.length === 0 ? 'nothing to undo' : `${this.title}: taken away by ${by}`);
    await this.untilGone(by);
    return by;
  }

  private async record(): Promise<void> {
    if (this.nodeActs.length === 0) return;
    const acts = this.nodeActs.map(({ index, site, undo }) => ({ index, node: site.node, undo }));
    await writeRecord(this.host.stateDir, { ...this.host.record, acts });
  }

  private async arm(): Promise<void> {
    const { record, report } = this.host;
    for (const act of this.nodeActs) {
      await recordOnNode(this.nodeExec(), act, { ...record, act: act.index });
      await armOnNode(this.nodeExec(), act.site.node, actName(this.id, act.index), record.deadlineMs);
    }
    const nodes = [...new Set(this.nodeActs.map(({ site }) => site.node))].join(', ');
    if (nodes !== '') report('armed', `${nodes}: reverts by itself after ${record.deadlineMs} ms`);
  }

  private async apply(): Promise<void> {
    for (const act of this.acts) {
      if (isOnNode(act)) await applyOnNode(this.nodeExec(), act, this.id);
      else await act.apply();
    }
    const { title, way } = this.plan;
    this.host.report('injected', way === undefined ? title : `${title}, by ${way}`);
  }

  private async observe(injectedAt: number): Promise<Observation> {
    const effect = await untilEffect(this.effect, true, this.host.timeouts);
    if (!effect.present) return this.ineffective(effect);
    const ms = performance.now() - injectedAt;
    this.observed = { ...effect, ms };
    this.host.report('observed', `${effect.seen} (after ${ms.toFixed(0)} ms)`);
    return this.observed;
  }

  private ineffective({ seen }: Effect): never {
    this.host.report('ineffective', seen);
    throw new InconclusiveError(`${this.title} was applied but cannot be measured: ${seen}`, {
      remedy: 'The datapath of this CNI may bypass the hook; see docs/faults.md.',
    });
  }

  private nodeExec(): NodeExec {
    if (this.host.exec !== undefined) return this.host.exec;
    throw new OrdealError('FAULT', `${this.title}: the nodes of this cluster cannot be entered`, {
      remedy: 'Give the case the need NodeAccess, so that it is skipped here.',
    });
  }

  private async undo(): Promise<RevertedBy> {
    const { deadlineMs } = this.host.record;
    try {
      return this.nodeActs.length === 0 ? 'nobody' : await undoActs(this.nodeExec(), this.id, this.nodeActs);
    } catch (cause) {
      const said = `${this.title} may still be in place`;
      this.end('not-reverted', 'nobody', said);
      this.host.report('leaked', `${this.title}: ${describeError(cause)}`);
      const remedy = `Each node reverts it at its deadline (${deadlineMs} ms); \`ordeal clean\` does at once.`;
      throw new OrdealError('FAULT', said, { cause, remedy });
    }
  }

  /** What a killed pod leaves behind has nothing to be undone, so its effect stays; so do connections that were reset. */
  private async untilGone(by: RevertedBy): Promise<void> {
    const measured = this.observed === undefined ? 'ineffective' : 'effective';
    const stays = this.nodeActs.length === 0 || this.plan.lasting === true;
    const after = stays ? undefined : await untilEffect(this.effect, false, this.host.timeouts);
    if (after?.present !== true) {
      this.end(measured, by, doubtOf(this.title, by, this.host.endsBy));
      return;
    }
    const said = `${this.title} was taken away by ${by}, yet its effect is still measured: ${after.seen}`;
    this.end('not-reverted', by, said);
    this.host.report('not-reverted', said);
    throw new OrdealError('FAULT', said, { remedy: 'The network did not recover, or something else acts like it.' });
  }

  private end(outcome: FaultResult['outcome'], revertedBy: RevertedBy, doubt?: string): void {
    const { observed } = this;
    this.ended = { outcome, revertedBy, ...(observed && { observed }), ...(doubt !== undefined && { doubt }) };
  }

  /** The injection's own error matters more than the clean-up's, which `revert` has already reported. */
  private async undoAfterFailure(cause: unknown): Promise<void> {
    await this.revert().catch((error: unknown) => {
      this.host.report('leaked', `${describeError(error)} after ${describeError(cause)}`);
    });
  }
}
