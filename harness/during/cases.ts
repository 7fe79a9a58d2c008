import { expect } from 'chai';
import { InconclusiveError } from '../base/errors.ts';
import { defineCase } from '../case/define-case.ts';
import { beyondOwn } from '../case/touches.ts';
import type { CaseContext, CaseDefinition } from '../case/types.ts';
import { may } from '../kube/rights.ts';
import { shortList } from '../table/assertions.ts';
import type { Aim, DuringFault } from './fault-text.ts';
import { type AreaResult, holdAndMeasure } from './hold-fault.ts';
import type { AreaTable } from './types.ts';

const system = { namespace: 'kube-system' };

const touches: Record<Aim, CaseDefinition['touches']> = {
  pods: beyondOwn('node', 'nodes', 'the nodes disturb packets of pods of the run'),
  node: beyondOwn('node', 'nodes', 'parts of a node hang or refuse pods'),
  nodes: beyondOwn('node', 'nodes', 'two nodes drop traffic between pods'),
  coredns: beyondOwn('cluster', 'dns', 'pods of CoreDNS are disturbed'),
  'cni-agent': beyondOwn('node', 'cni', 'the CNI agent of a node is killed'),
};

/** To find and kill pods of the cluster itself, and see them whole again; the nodes do all else. */
const rights: Partial<Record<Aim, CaseDefinition['rights'][number]>> = {
  coredns: [...may(['list', 'get', 'delete'], 'pods', system), ...may(['get'], 'deployments.apps', system)],
  'cni-agent': [...may(['list', 'get', 'delete'], 'pods'), ...may(['get'], 'daemonsets.apps')],
};

/** Returns a case for each area and fault. The first of a fault that runs injects it and measures for all of them. */
export function duringCases(faults: readonly DuringFault[], tables: readonly AreaTable[]): CaseDefinition[] {
  return faults.flatMap((fault) => {
    let held: ReturnType<typeof holdAndMeasure> | undefined;
    const measured = (ctx: CaseContext) => (held ??= holdAndMeasure(ctx, fault, tables));
    const uses = [...new Set(tables.flatMap((table) => table.uses))];
    const needs = fault.driver.needs.map((feature) => ({ feature }));
    return tables.map((table) =>
      defineCase({
        id: `${table.area}-during`,
        variant: fault.text,
        area: table.area,
        title: `While ${fault.text} holds, ${table.claim}`,
        tags: ['during', fault.driver.name],
        needs: [
          ...table.needs,
          ...needs.filter(({ feature }) => !table.needs.some((need) => need.feature === feature)),
        ],
        touches: touches[fault.aim],
        rights: [...tables.flatMap((one) => one.rights), rights[fault.aim] ?? []],
        uses,
        exclusive: true,
        source: table.source,
        run: async (ctx) => tell(ctx, await measured(ctx), table.area),
      }),
    );
  });
}

/** @throws AssertionError for a leak, a loss that the fault does not explain, or a table that did not recover. */
function tell(ctx: CaseContext, results: ReadonlyMap<string, AreaResult>, area: string): void {
  const result = results.get(area);
  if (result === undefined) throw new InconclusiveError(`no table of ${area} was measured`);
  const { verdict, lastLook, fault, doubt } = result;
  ctx.parameter('fault', fault.way === undefined ? fault.title : `${fault.title}, by ${fault.way}`);
  ctx.measure('under_fault.cells', verdict.cells, 'count');
  ctx.measure('under_fault.lost', verdict.lost.length + verdict.unexplained.length, 'count');
  ctx.measure('under_fault.leaks', verdict.leaks.length, 'count');
  ctx.measure('under_fault.downtime', verdict.downtimeMs, 'ms');
  ctx.measure('under_fault.recovery', verdict.recoveryMs, 'ms');
  ctx.table(
    'the last look while the fault held',
    lastLook.map(({ row }) => row),
  );
  if (verdict.lost.length > 0) ctx.parameter('lost, as the fault explains', shortList(verdict.lost, 'cell(s)'));
  if (doubt !== undefined) throw new InconclusiveError(doubt);
  refuse(verdict);
}

function refuse({ cells, leaks, unexplained, unknown, notRecovered }: AreaResult['verdict']): void {
  if (leaks.length > 0) expect.fail(`isolation did not hold: ${shortList(leaks, 'leak(s)')}`);
  if (unexplained.length > 0) expect.fail(`lost, and the fault is no reason: ${shortList(unexplained, 'path(s)')}`);
  if (notRecovered !== undefined) expect.fail(`the fault is gone, the table is not as before: ${notRecovered}`);
  if (cells === 0) throw new InconclusiveError('nothing was measured while the fault held');
  if (unknown.length > 0) throw new InconclusiveError(`nobody could tell: ${shortList(unknown, 'cell(s)')}`);
}
