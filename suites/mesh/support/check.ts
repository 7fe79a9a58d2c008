import { expect } from 'chai';
import { InconclusiveError } from '../../../harness/base/errors.ts';
import type { CaseContext } from '../../../harness/case/types.ts';
import type { MeshAnswer } from '../../../harness/oracle/mesh.ts';
import type { ProbeResult } from '../../../harness/probe/types.ts';
import { meshDifference } from './answer.ts';
import { meshPorts, type MeshClient, type MeshFixture } from './mesh-fixture.ts';
import { describeCell, expectWire, type MeshCell } from './wire.ts';

const ports = [meshPorts.main, meshPorts.other];

/** Returns every client and port of the fixture with the oracle's answer. */
export function meshTable(fixture: MeshFixture, judge: (client: MeshClient, port: number) => MeshAnswer): MeshCell[] {
  return fixture.clients.flatMap((client) => ports.map((port) => ({ client, port, want: judge(client, port) })));
}

/** Settles until the table agrees with the oracle, then shows on the wire what was encrypted and what was not. */
export async function expectMesh(
  ctx: CaseContext,
  fixture: MeshFixture,
  what: string,
  cells: readonly MeshCell[],
): Promise<void> {
  ctx.attach('expected', cells.map((cell) => `${describeCell(cell)}: ${cell.want.reason}`).join('\n'));
  await ctx.settle(what, async () => firstDifference(cells, await ask(fixture, cells)));
  if (ctx.cluster.nodeExec !== undefined) await expectWire(ctx, fixture.server, cells, () => ask(fixture, cells));
  else ctx.parameter('capture', 'none: the nodes of this cluster cannot be entered');
  const difference = firstDifference(cells, await ask(fixture, cells));
  expect(difference, difference).to.equal(undefined);
}

async function ask(fixture: MeshFixture, cells: readonly MeshCell[]): Promise<ProbeResult[]> {
  return Promise.all(
    cells.map(async ({ client, port }) => {
      const [result] = await client.agent.probe([fixture.ask(port)]);
      if (result !== undefined && result.verdict !== 'inconclusive') return result;
      throw new InconclusiveError(`${client.agent.name} could not ask: ${result?.error ?? 'no result'}`);
    }),
  );
}

function firstDifference(cells: readonly MeshCell[], results: readonly ProbeResult[]): string | undefined {
  for (const [index, cell] of cells.entries()) {
    const result = results[index];
    const difference = result === undefined ? 'no result' : meshDifference(cell.want, result);
    if (difference !== undefined) return `${describeCell(cell)}: ${difference}`;
  }
  return undefined;
}
