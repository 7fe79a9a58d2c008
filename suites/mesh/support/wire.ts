import type { CaseContext } from '../../../harness/case/types.ts';
import { InconclusiveError, isUnsettled } from '../../../harness/base/errors.ts';
import { openings, startCapture, type Wire } from '../../../harness/node/capture.ts';
import type { MeshAnswer } from '../../../harness/oracle/mesh.ts';
import type { Agent } from '../../../harness/probe/agent-types.ts';
import type { MeshClient } from './mesh-fixture.ts';

/** One client, one port, and what the oracle says about it. */
export interface MeshCell {
  readonly client: MeshClient;
  readonly port: number;
  readonly want: MeshAnswer;
}

/** How the connections of one cell began at the server, in wire order; none = the capture showed none. */
export interface WireLine {
  readonly cell: MeshCell;
  readonly seen: readonly Wire[];
}

/** What is wrong with a look at the wire; `unseen` is the capture's own shortcoming, not the mesh's. */
export interface WireFlaw {
  readonly unseen: boolean;
  readonly said: string;
}

/** Returns `plain client plain -> port 8080`. */
export function describeCell({ client, port }: Pick<MeshCell, 'client' | 'port'>): string {
  return `${client.side} client ${client.agent.name} -> port ${port}`;
}

/** Returns undefined when every connection that was to be open began as the oracle says; what was seen comes first. */
export function wireFlaw(lines: readonly WireLine[]): WireFlaw | undefined {
  const flaws = lines.filter(({ cell }) => cell.want.verdict === 'open').flatMap((line) => flawOf(line) ?? []);
  return flaws.find(({ unseen }) => !unseen) ?? flaws[0];
}

function flawOf({ cell, seen }: WireLine): WireFlaw | undefined {
  if (seen.length === 0) return { unseen: true, said: `no connection of ${describeCell(cell)} was seen at the server` };
  const wanted = cell.want.encrypted ? 'tls' : 'plaintext';
  if (seen.every((opening) => opening === wanted)) return undefined;
  return { unseen: false, said: `${describeCell(cell)} opened with ${seen.join(', ')}; wanted ${cell.want.reason}` };
}

/**
 * Looks until the wire at the server's own interface shows what the oracle says: a control plane sends its pushes one
 * after another, so a first look may meet what is on its way out. Attaches the last look. @throws OrdealError NOT_SETTLED, or
 * InconclusiveError where connections that were answered never appear in the capture.
 */
export async function expectWire(
  ctx: CaseContext,
  server: Agent,
  cells: readonly MeshCell[],
  ask: () => Promise<unknown>,
): Promise<void> {
  let lines: readonly WireLine[] = [];
  try {
    await ctx.settle('the wire shows it', async () => {
      lines = await look(ctx, server, cells, ask);
      return wireFlaw(lines)?.said;
    });
  } catch (cause) {
    const flaw = wireFlaw(lines);
    if (isUnsettled(cause) && flaw?.unseen === true)
      throw new InconclusiveError(`the capture is incomplete: ${flaw.said}`, { cause });
    throw cause;
  } finally {
    const said = lines.map(({ cell, seen }) => `${describeCell(cell)}: ${seen.join(', ') || 'nothing'}`);
    ctx.attach('wire', said.join('\n'));
  }
}

async function look(
  ctx: CaseContext,
  server: Agent,
  cells: readonly MeshCell[],
  ask: () => Promise<unknown>,
): Promise<readonly WireLine[]> {
  const ports = [...new Set(cells.map(({ port }) => port))];
  const spec = { node: server.node, podIp: server.ip, ports, name: `${ctx.caseId}-${server.ip}` };
  const capture = await startCapture(ctx.cluster, spec, ctx.timeouts);
  await ask();
  const segments = await capture.stop();
  return cells.map((cell) => ({ cell, seen: openings(segments, cell.client.agent.ip, cell.port) }));
}
