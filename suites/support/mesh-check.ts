import { expect } from 'chai';
import { InconclusiveError } from '../../harness/case/errors.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { openings, startCapture, type Wire } from '../../harness/fault/capture.ts';
import type { MeshAnswer } from '../../harness/oracle/mesh.ts';
import type { ProbeResult } from '../../harness/probe/types.ts';
import { meshDifference } from './mesh-answer.ts';
import { meshPorts, type MeshClient, type MeshScene } from './mesh-scene.ts';

/** One client, one port, and what the oracle says about it. */
export interface MeshCell {
  readonly client: MeshClient;
  readonly port: number;
  readonly want: MeshAnswer;
}

const ports = [meshPorts.main, meshPorts.other];

/** Returns every client and port of the scene with the oracle's answer. */
export function meshTable(scene: MeshScene, judge: (client: MeshClient, port: number) => MeshAnswer): MeshCell[] {
  return scene.clients.flatMap((client) => ports.map((port) => ({ client, port, want: judge(client, port) })));
}

/** Settles until the table agrees with the oracle, then shows on the wire what was encrypted and what was not. */
export async function expectMesh(
  ctx: CaseContext,
  scene: MeshScene,
  what: string,
  cells: readonly MeshCell[],
): Promise<void> {
  ctx.attach('expected', cells.map((cell) => `${describeCell(cell)}: ${cell.want.reason}`).join('\n'));
  await ctx.settle(what, async () => firstDifference(cells, await ask(scene, cells)));
  if (ctx.cluster.nodeExec !== undefined)
    await ctx.settle('the wire shows it', () => wireDifference(ctx, scene, cells));
  else ctx.parameter('capture', 'none: the nodes of this cluster cannot be entered');
  const difference = firstDifference(cells, await ask(scene, cells));
  expect(difference, difference).to.equal(undefined);
}

async function ask(scene: MeshScene, cells: readonly MeshCell[]): Promise<ProbeResult[]> {
  return Promise.all(
    cells.map(async ({ client, port }) => {
      const [result] = await client.agent.probe([scene.ask(port)]);
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

/**
 * Captures at the server's own interface while every client asks once more, and compares each connection's opening. A
 * control plane sends its pushes one after another, so a first look may meet what is on its way out.
 */
async function wireDifference(
  ctx: CaseContext,
  scene: MeshScene,
  cells: readonly MeshCell[],
): Promise<string | undefined> {
  const { server } = scene;
  const spec = { node: server.node, podIp: server.ip, ports, name: `${ctx.caseId}-${server.ip}` };
  const capture = await startCapture(ctx.cluster, spec, ctx.timeouts);
  await ask(scene, cells);
  const segments = await capture.stop();
  const lines = cells.map((cell) => ({ cell, seen: openings(segments, cell.client.agent.ip, cell.port) }));
  ctx.attach(
    'wire',
    lines.map(({ cell, seen }) => `${describeCell(cell)}: ${seen.join(', ') || 'nothing'}`).join('\n'),
  );
  const open = lines.filter(({ cell }) => cell.want.verdict === 'open');
  return open.map(({ cell, seen }) => openingDifference(cell, seen)).find((difference) => difference !== undefined);
}

function openingDifference(cell: MeshCell, seen: readonly Wire[]): string | undefined {
  if (seen.length === 0) return `no connection of ${describeCell(cell)} was seen at the server`;
  const wanted = cell.want.encrypted ? 'tls' : 'plaintext';
  if (seen.every((opening) => opening === wanted)) return undefined;
  return `${describeCell(cell)} opened with ${seen.join(', ')}; wanted ${cell.want.reason}`;
}

/** Returns `plain client plain -> port 8080`. */
export function describeCell({ client, port }: Pick<MeshCell, 'client' | 'port'>): string {
  return `${client.side} client ${client.agent.name} -> port ${port}`;
}
