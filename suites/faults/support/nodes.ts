import { expect } from 'chai';
import { z } from 'zod';
import { InconclusiveError } from '../../../harness/base/errors.ts';
import type { CaseContext } from '../../../harness/case/types.ts';
import type { NodeInfo } from '../../../harness/kube/nodes.ts';
import { probeEffect } from '../../../harness/fault/effect.ts';
import type { FaultOptions } from '../../../harness/fault/bench.ts';
import { partition } from '../../../harness/fault/drivers/partition.ts';
import type { Fault } from '../../../harness/fault/types.ts';
import type { Agent } from '../../../harness/probe/agent-types.ts';
import { fleetPorts, reach } from '../../../harness/table/probes.ts';
import { fleet } from '../../../harness/workload/fleet.ts';

/** Two nodes with standing pods, and one pod on each. */
export interface NodePair {
  readonly near: NodeInfo;
  readonly far: NodeInfo;
  readonly client: Agent;
  readonly server: Agent;
}

/** Returns the two nodes the cases of this area cut apart. @throws InconclusiveError where there is only one. */
export function nodePair(ctx: CaseContext): NodePair {
  const [client, server] = ctx.use(fleet).otherNode();
  return { client, server, near: nodeOf(ctx, client.node), far: nodeOf(ctx, server.node) };
}

function nodeOf(ctx: CaseContext, name: string): NodeInfo {
  const found = ctx.cluster.info.nodes.find((node) => node.name === name);
  if (found === undefined) throw new InconclusiveError(`the cluster reports no node ${name}, yet an agent runs there`);
  return found;
}

/** Plans a partition of the pair, seen by a probe from client to server. */
export function partitionOf(
  ctx: CaseContext,
  { near, far, client, server }: NodePair,
  direction: 'both' | 'one-way',
  options: FaultOptions = {},
): Promise<Fault> {
  const effect = probeEffect(client, reach(ctx, 'tcp', server.ip, fleetPorts(ctx.use(fleet)).tcp));
  return ctx.fault(partition, { from: near.name, to: far.name, direction }, { effect, ...options });
}

const NodeView = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  status: z.looseObject({ conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })) }),
});

/** Asserts that the API server counts every node as Ready: control traffic was not what the fault cut. */
export async function expectNodesReady(ctx: CaseContext): Promise<void> {
  const nodes = (await ctx.kube.list({ apiVersion: 'v1', kind: 'Node' })).map((node) => NodeView.parse(node));
  expect(nodes.length, 'nodes of the cluster').to.be.above(0);
  for (const { metadata, status } of nodes) {
    const ready = status.conditions.find((condition) => condition.type === 'Ready')?.status ?? 'absent';
    expect(ready, `condition Ready of node ${metadata.name}`).to.equal('True');
  }
}
