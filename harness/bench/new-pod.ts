import { openingMs } from '../disruption/change-times.ts';
import { bootLane } from '../disruption/timed-lane.ts';
import { adopt, agentPodTemplate } from '../probe/fleet.ts';
import { type Bed } from './bed.ts';
import { podPorts } from './paths.ts';
import type { VisitContext } from './visit-context.ts';

const everyMs = 10;

/** How soon a pod that was just created got through. */
export interface NewPod {
  /** From the API server's answer to the first attempt that was answered. */
  readonly sinceCreatedMs: number;
  /** From its own first attempt on. */
  readonly sinceFirstAttemptMs: number;
}

/**
 * Creates a pod beside the client that connects to the server from its first line on. It goes with the visit's end.
 * @throws OrdealError AGENT, NOT_SETTLED where it never gets through.
 */
export async function timeNewPod(
  bed: Bed,
  name: string,
  ctx: VisitContext,
  labels: Readonly<Record<string, string>> = {},
): Promise<NewPod> {
  const { namespace, server, client, fleet } = bed;
  const { kube } = bed.cluster;
  const timeoutMs = ctx.timeouts.policyConnectMs;
  const probe = { kind: 'tcp', host: server.ip, port: podPorts.tcp, connectOnly: true, timeoutMs } as const;
  const bootSample = { probe, everyMs, reuse: false };
  const template = await agentPodTemplate(fleet, { namespace, node: client.node, labels, bootSample, steady: true });
  ctx.defer(`remove Pod ${name}`, () => kube.remove({ apiVersion: 'v1', kind: 'Pod', name, namespace }));
  const { metadata, spec } = template;
  await kube.create({ apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name, namespace }, spec });
  const createdAt = performance.now();
  const agent = await adopt(fleet, { name, namespace });
  try {
    const lane = await bootLane(agent);
    let first: number | undefined;
    await ctx.settle(`${name} gets through`, async () => {
      first = openingMs(await lane.sampler.peek(), 0);
      return first === undefined ? 'none of its attempts was answered' : undefined;
    });
    const sinceFirstAttemptMs = first ?? Number.NaN;
    return { sinceFirstAttemptMs, sinceCreatedMs: lane.zero + sinceFirstAttemptMs - createdAt };
  } finally {
    agent.close();
  }
}
