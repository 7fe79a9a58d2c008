import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { componentsFor } from '../../../clusters/components/index.ts';
import { nodeRuntime } from '../../../clusters/components/node-runtime.ts';
import { declaredOf, products } from '../../../clusters/index.ts';
import { assertAvailable } from '../../../clusters/render-product.ts';
import { CleanupStack } from '../../base/cleanup.ts';
import { OrdealError } from '../../base/errors.ts';
import { ensureImages, type ImageSet } from '../../images/ensure.ts';
import type { Kube } from '../../kube/types.ts';
import { collectLogs } from '../logs/collect.ts';
import { execInNode } from '../../node/docker.ts';
import { readFacts } from '../facts.ts';
import { topology } from '../features/api-server.ts';
import { detectFeatures } from '../features/index.ts';
import { nodeKernel } from '../features/node-kernel.ts';
import { reserveCluster, nodeNames, removeCluster, requireDocker, requireFreeName } from '../ownership.ts';
import type { KindSpec, ProvidedCluster, RunFrame } from '../provider.ts';
import type { Cluster } from '../types.ts';
import { outsideOf } from './outside.ts';
import { bringUp, cniOf, meshOf, topologyOf, type Plan } from './bring-up.ts';

/**
 * Makes a kind cluster and returns it ready and looked at. The user's own kubeconfig is never touched. When a step
 * fails or the run is interrupted, logs go to `<folder>/logs/` and the cluster is removed, unless `keep`.
 * @throws OrdealError USAGE (name taken), ENVIRONMENT, IMAGE_BUILD, CLUSTER, API_WAIT, INTERRUPTED.
 */
export async function provideKind(spec: KindSpec, frame: RunFrame): Promise<ProvidedCluster> {
  const name = spec.name ?? `ordeal-${frame.runId.slice(-6)}`;
  await requireDocker();
  await requireFreeName(name);
  const images = await imagesFor(spec, frame);
  return new KindCluster(spec, frame, name, images).make();
}

async function imagesFor(spec: KindSpec, { progress, timeouts }: RunFrame): Promise<ImageSet> {
  const { images: source, registry, cni, mesh } = spec;
  const components = componentsFor({ cni, mesh });
  const set = await ensureImages({ source, registry, components, progress, timeouts });
  for (const wanted of [cniOf(spec), meshOf(spec)]) {
    if (wanted !== undefined) assertAvailable(wanted, set.source, products);
  }
  return set;
}

class KindCluster {
  private readonly spec: KindSpec;
  private readonly frame: RunFrame;
  private readonly name: string;
  private readonly images: ImageSet;
  private readonly cleanup: CleanupStack;
  private readonly kubeconfig: string;
  private kube: Kube | undefined;

  constructor(spec: KindSpec, frame: RunFrame, name: string, images: ImageSet) {
    this.spec = spec;
    this.frame = frame;
    this.name = name;
    this.images = images;
    this.kubeconfig = join(frame.folder, 'kubeconfig');
    this.cleanup = new CleanupStack({ timeoutMs: frame.timeouts.cleanupMs });
  }

  async make(): Promise<ProvidedCluster> {
    try {
      const plan = await this.claim();
      const kube = await bringUp(plan, this.frame, (connected) => this.connected(connected));
      const cluster = await this.look(kube);
      return {
        cluster,
        kubeconfig: this.kubeconfig,
        imageSource: `${this.images.source}: ${this.images.why}`,
        collectLogs: () => this.collect(),
        destroy: () => this.cleanup.run(),
      };
    } catch (error) {
      throw await this.giveUp(this.frame.signal?.aborted === true ? interrupted(error) : error);
    }
  }

  private async claim(): Promise<Plan> {
    const { spec, name, images, kubeconfig } = this;
    const { runId, keep = false, folder, timeouts } = this.frame;
    const owned = await reserveCluster({ name, runId, kept: keep, dualStack: spec.dualStack === true });
    this.cleanup.defer(`cluster ${name}`, () => removeCluster(owned, timeouts.cleanupMs));
    this.cleanup.defer(kubeconfig, () => rm(kubeconfig, { force: true }));
    await mkdir(folder, { recursive: true });
    return { spec, name, network: owned.network, kubeconfig, images };
  }

  private connected(kube: Kube): void {
    this.kube = kube;
    this.cleanup.defer('connections', () => kube.close());
  }

  private async look(kube: Kube): Promise<Cluster> {
    const { spec, images, frame } = this;
    const { podCidrs, serviceCidrs } = topologyOf({ spec, images });
    const facts = { ...(await readFacts(kube)), podCidrs, serviceCidrs };
    const agentImage = Object.keys(nodeRuntime.images ?? {})[0] ?? '';
    const { runId, timeouts, signal } = frame;
    const context = {
      ...{ kube, facts, nodeExec: execInNode, agentImage, runId, timeouts, signal },
      declared: declaredOf(spec),
    };
    const looking = frame.features === 'from facts' ? [topology, nodeKernel] : undefined;
    const features = await frame.progress.step('detect features', () => detectFeatures(context, looking));
    const digests = Object.fromEntries(images.images.map(({ reference, digest }) => [reference, digest]));
    const named = { name: this.name, images: { ...digests, [images.nodeImage]: images.nodeDigest } };
    const outside = outsideOf({ cluster: this.name, image: agentImage, nodes: facts.nodes, runId, timeouts });
    const info = { ...facts, ...named, provider: 'kind' as const, features };
    return { info, kube, nodeExec: execInNode, outside, agentImage };
  }

  private async collect(): Promise<readonly string[]> {
    const containers = await nodeNames(this.name).catch(() => []);
    return collectLogs({ ...this.frame, scope: this.frame.collectLogs, kube: this.kube, containers });
  }

  private async giveUp(error: unknown): Promise<unknown> {
    const { progress, keep, folder } = this.frame;
    if (this.cleanup.size === 0) return error;
    const isInterrupt = error instanceof OrdealError && error.code === 'INTERRUPTED';
    if (!isInterrupt) {
      for (const failure of await this.collect()) progress.note(`not collected: ${failure}`);
      progress.note(`logs: ${join(folder, 'logs')}`);
    }
    if (keep === true) {
      progress.note(`cluster ${this.name} is kept as it is; kubeconfig: ${this.kubeconfig}`);
      await this.kube?.close();
      return error;
    }
    return progress.step(`remove cluster ${this.name}`, () => this.cleanup.runAfter(error));
  }
}

function interrupted(cause: unknown): OrdealError {
  if (cause instanceof OrdealError && cause.code === 'INTERRUPTED') return cause;
  return new OrdealError('INTERRUPTED', 'interrupted while the cluster was being made', { cause });
}
