import type { MeshIdentity } from '../../../clusters/mesh-product.ts';
import { InconclusiveError } from '../../../harness/base/errors.ts';
import type { CaseContext } from '../../../harness/case/types.ts';
import type { TableRow } from '../../../harness/events/case-table.ts';
import type { MeshAnswer } from '../../../harness/oracle/mesh.ts';
import type { ProbeResult } from '../../../harness/probe/types.ts';
import { meshDifference, seenBy } from './answer.ts';
import { meshPorts, type MeshClient, type MeshFixture } from './mesh-fixture.ts';
import { describeCell, expectWire, type MeshCell } from './wire.ts';
import { assertNoDifference } from '../../../harness/table/assertions.ts';

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
  let results: readonly ProbeResult[] = [];
  const { identity } = fixture.mesh;
  const look = async () => firstDifference(cells, (results = await ask(fixture, cells)), identity);
  try {
    await ctx.settle(what, look);
    await expectOnTheWire(ctx, fixture, cells);
    assertNoDifference(await look());
  } finally {
    ctx.table(what, rowsOf(cells, results, identity));
  }
}

async function expectOnTheWire(ctx: CaseContext, fixture: MeshFixture, cells: readonly MeshCell[]): Promise<void> {
  if (ctx.cluster.nodeExec !== undefined) await expectWire(ctx, fixture.server, cells, () => ask(fixture, cells));
  else ctx.parameter('capture', 'none: the nodes of this cluster cannot be entered');
}

/** Without results, as where every look broke, all cells are inconclusive. */
function rowsOf(cells: readonly MeshCell[], results: readonly ProbeResult[], mesh: MeshIdentity): TableRow[] {
  return cells.map(({ client, port, want }, index) => {
    const result = results[index];
    const seen = result === undefined ? { verdict: 'not measured' } : seenBy(result, mesh);
    const differs = result !== undefined && meshDifference(want, result, mesh) !== undefined;
    return {
      ...{ from: `${client.side} ${client.agent.name}`, to: 'server', port, protocol: 'HTTP', reason: want.reason },
      expected: want.verdict,
      measured: [seen.verdict, ...('identity' in seen ? [`as ${seen.identity}`] : [])].join(' '),
      ...(result === undefined ? { result: 'inconclusive' as const } : differs ? { result: 'differs' as const } : {}),
    };
  });
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

function firstDifference(
  cells: readonly MeshCell[],
  results: readonly ProbeResult[],
  mesh: MeshIdentity,
): string | undefined {
  for (const [index, cell] of cells.entries()) {
    const result = results[index];
    const difference = result === undefined ? 'no result' : meshDifference(cell.want, result, mesh);
    if (difference !== undefined) return `${describeCell(cell)}: ${difference}`;
  }
  return undefined;
}
