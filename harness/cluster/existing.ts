import { resolve } from 'node:path';
import { claimsOf } from '../../clusters/index.ts';
import { connect, contextOf } from '../kube/connect.ts';
import { inCluster } from '../kube/kubeconfig/in-cluster.ts';
import type { Kube } from '../kube/types.ts';
import { requireRights } from './access.ts';
import { collectLogs } from './logs/collect.ts';
import { type ClusterFacts, readFacts } from './facts.ts';
import { topology } from './features/api-server.ts';
import { detectFeatures } from './features/index.ts';
import type { ExistingSpec, ProvidedCluster, RunFrame } from './provider.ts';
import { holdRunLease, type RunLease } from './run-lease.ts';
import type { Cluster } from './types.ts';

/** Any recent Node.js runs the agent; this one every cluster with internet access can pull. */
const defaultAgentImage = 'docker.io/library/node:22-slim';

/**
 * Takes an existing cluster: checks that its API server answers and that a run has the rights it needs, before
 * anything is created; then looks at it. Nodes are never entered; `destroy` only closes connections.
 * @throws OrdealError USAGE (kubeconfig), KUBE_API (no answer), ENVIRONMENT (missing rights, listed).
 */
export async function provideExisting(spec: ExistingSpec, frame: RunFrame): Promise<ProvidedCluster> {
  const kube = await connect(spec.kubeconfig, spec.context);
  const held: RunLease[] = [];
  const end = async () => {
    for (const lease of held) await lease.release();
    await kube.close();
  };
  try {
    const facts = await lookAt(kube, frame);
    // Nothing is created from facts alone.
    if (frame.features === undefined) held.push(await holdRunLease(kube, frame.runId));
    const cluster = await detect(kube, facts, spec, frame);
    return {
      cluster,
      kubeconfig: spec.kubeconfig === inCluster ? inCluster : resolve(spec.kubeconfig),
      imageSource: `cluster: its nodes pull ${cluster.agentImage}`,
      collectLogs: () =>
        collectLogs({ ...frame, scope: frame.collectLogs, kube, containers: [], theirs: cluster.info }),
      destroy: end,
    };
  } catch (error) {
    await end().catch(() => undefined);
    throw error;
  }
}

function lookAt(kube: Kube, { progress }: RunFrame): Promise<ClusterFacts> {
  return progress.step('look at the cluster', async (report) => {
    await kube.raw('/version');
    report('checking rights');
    await requireRights(kube);
    return readFacts(kube);
  });
}

async function detect(kube: Kube, facts: ClusterFacts, spec: ExistingSpec, frame: RunFrame): Promise<Cluster> {
  const { progress, runId, timeouts, signal } = frame;
  const { spareHostPorts } = spec;
  const agentImage = spec.agentImage ?? defaultAgentImage;
  const context = { kube, facts, agentImage, runId, timeouts, declared: claimsOf(facts.cni), signal, spareHostPorts };
  const looks = frame.features === 'from facts' ? [topology] : undefined;
  const features = await progress.step('detect features', () => detectFeatures(context, looks));
  const { context: name } = await contextOf(spec.kubeconfig, spec.context);
  return { info: { ...facts, name, provider: 'kubeconfig', features, images: {} }, kube, agentImage };
}
