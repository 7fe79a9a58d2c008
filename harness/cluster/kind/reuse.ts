import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { declaredOf } from '../../../clusters/index.ts';
import { nodeRuntime } from '../../../clusters/components/node-runtime.ts';
import { execa } from 'execa';
import { OrdealError } from '../../base/errors.ts';
import { hostTool } from '../../images/host-tool.ts';
import { connect } from '../../kube/connect.ts';
import type { Kube } from '../../kube/types.ts';
import { execInNode } from '../../node/docker.ts';
import { collectLogs } from '../logs/collect.ts';
import { readFacts } from '../facts.ts';
import { topology } from '../features/api-server.ts';
import { detectFeatures } from '../features/index.ts';
import { nodeKernel } from '../features/node-kernel.ts';
import { outsideOf } from './outside.ts';
import { nodeNames, ownedClusters, requireDocker, type OwnedCluster } from '../ownership.ts';
import type { ProvidedCluster, RunFrame } from '../provider.ts';
import type { Cluster } from '../types.ts';
import { useCluster } from '../users.ts';

/**
 * Takes a kind cluster that an earlier run of ours kept, with access to its nodes, and looks at it anew; `destroy` only
 * closes connections. @throws OrdealError USAGE (not ours, or in use by another run), CLUSTER, KUBE_API.
 */
export async function provideKept(name: string, frame: RunFrame): Promise<ProvidedCluster> {
  await requireDocker();
  requireKept(name, await ownedClusters());
  const release = await useCluster(name, frame.runId);
  try {
    return await provideInUse(name, frame, release);
  } catch (error) {
    await release();
    throw error;
  }
}

async function provideInUse(name: string, frame: RunFrame, release: () => Promise<void>): Promise<ProvidedCluster> {
  const kubeconfig = await writeKubeconfig(name, frame.folder);
  const kube = await connect(kubeconfig);
  try {
    return {
      cluster: await look(name, kube, frame),
      kubeconfig,
      imageSource: `kept cluster ${name}: those its nodes hold`,
      collectLogs: async () =>
        collectLogs({ ...frame, scope: frame.collectLogs, kube, containers: await nodeNames(name) }),
      destroy: () => kube.close().finally(release),
    };
  } catch (error) {
    await kube.close();
    throw error;
  }
}

/** @throws OrdealError USAGE unless an Ordeal that has ended left a cluster of that name. Exported for its test. */
export function requireKept(name: string, owned: readonly OwnedCluster[]): void {
  const found = owned.find((cluster) => cluster.name === name);
  if (found !== undefined && !found.ownerAlive) return;
  const why = found === undefined ? 'it is no kind cluster of ours' : 'the Ordeal that makes it still runs';
  const others = owned.map((cluster) => cluster.name).join(', ');
  throw new OrdealError('USAGE', `--reuse --name ${name}: ${why}`, {
    remedy: `\`ordeal run --keep --name ${name}\` makes one. Ours now: ${others === '' ? 'none' : others}.`,
  });
}

/** kind writes it anew: the file of the run that made the cluster may be gone. */
async function writeKubeconfig(name: string, folder: string): Promise<string> {
  const { failed, stdout, stderr } = await execa(await hostTool('kind'), ['get', 'kubeconfig', '--name', name], {
    reject: false,
  });
  if (failed) throw new OrdealError('CLUSTER', `kind gives no kubeconfig of ${name}: ${stderr.trim().slice(-300)}`);
  const file = join(folder, 'kubeconfig');
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${stdout}\n`, { mode: 0o600 });
  return file;
}

async function look(name: string, kube: Kube, frame: RunFrame): Promise<Cluster> {
  const { progress, runId, timeouts, signal } = frame;
  const facts = await progress.step('look at the cluster', () => readFacts(kube));
  const agentImage = Object.keys(nodeRuntime.images ?? {})[0] ?? '';
  const scene = { kube, facts, nodeExec: execInNode, agentImage, runId, timeouts, declared: declaredOf(facts), signal };
  const looking = frame.features === 'from facts' ? [topology, nodeKernel] : undefined;
  const features = await progress.step('detect features', () => detectFeatures(scene, looking));
  const info = { ...facts, name, provider: 'kind' as const, features, images: {} };
  const outside = outsideOf({ cluster: name, image: agentImage, nodes: facts.nodes, runId, timeouts });
  return { info, kube, nodeExec: execInNode, outside, agentImage };
}
