import { timeoutsInForce } from '../../base/timeouts.ts';
import { cniNamed, findMesh } from '../../../clusters/index.ts';
import type { Mesh } from '../../../clusters/mesh-product.ts';
import type { Cni } from '../../../clusters/product.ts';
import { renderProduct } from '../../../clusters/render-product.ts';
import type { RenderContext } from '../../../clusters/render.ts';
import type { ImageSet } from '../../images/ensure.ts';
import { hostTool } from '../../images/host-tool.ts';
import { connect } from '../../kube/connect.ts';
import { ownedLabels } from '../../kube/objects.ts';
import type { Kube } from '../../kube/types.ts';
import { execInNode } from '../../node/docker.ts';
import { renderTools, systemWorkloads, untilWorkloadsReady } from '../install.ts';
import { listNodes, untilNodesReady } from '../../kube/nodes.ts';
import type { KindSpec, RunFrame } from '../provider.ts';
import { createNodes } from './cli.ts';
import { blockClusterCidrEgress } from './cluster-cidr-egress.ts';
import { kindConfig, type Topology } from './config.ts';
import { imagesToLoad, loadImages } from './load-images.ts';

const podCidr6 = 'fd00:10:244::/56';
const serviceCidrs = ['10.96.0.0/16', 'fd00:10:96::/112'] as const;

/** What one cluster is made of and from. */
export interface Plan {
  readonly spec: KindSpec;
  readonly name: string;
  readonly network: string;
  readonly kubeconfig: string;
  readonly images: ImageSet;
}

/** Returns the CNI's data. @throws OrdealError USAGE when there is none of that name. */
export function cniOf(spec: KindSpec): Cni {
  return cniNamed(spec.cni);
}

/** Returns the mesh's data, or undefined where none is asked for. */
export function meshOf(spec: KindSpec): Mesh | undefined {
  return findMesh(spec.mesh);
}

/** Returns nodes and address ranges for kind. */
export function topologyOf({ spec, images }: Pick<Plan, 'spec' | 'images'>): Topology {
  const { podCidr, kubeProxyMode } = cniOf(spec);
  const dual = spec.dualStack === true;
  return {
    nodeImage: images.nodeImage,
    workers: spec.workers,
    zones: spec.zones,
    podCidrs: dual ? [podCidr, podCidr6] : [podCidr],
    serviceCidrs: dual ? serviceCidrs : serviceCidrs.slice(0, 1),
    kubeProxyMode,
  };
}

/**
 * Makes the cluster, one named step after another, and returns its Kube with nodes, CNI, system workloads and mesh all
 * ready. `onConnect` gets the Kube as soon as there is one, for logs should a later step fail.
 * @throws OrdealError of the step that failed.
 */
export async function bringUp(plan: Plan, frame: RunFrame, onConnect: (kube: Kube) => void): Promise<Kube> {
  const { spec, images } = plan;
  const { progress, timeouts, signal } = frame;
  const topology = topologyOf(plan);
  const count = 1 + spec.workers;
  const cni = cniOf(spec);
  const mesh = meshOf(spec);

  await progress.step(`create ${count} node(s) with kind`, (report) => nodesOf(plan, topology, frame, report));
  const kube = await connect(plan.kubeconfig);
  onConnect(kube);
  const nodes = (await listNodes(kube)).map(({ metadata }) => metadata.name);
  const inside = [...topology.serviceCidrs, ...topology.podCidrs];
  await progress.step('keep cluster addresses inside', () =>
    Promise.all(nodes.map((node) => blockClusterCidrEgress(node, inside))),
  );
  const missing = imagesToLoad(images.images);
  if (missing.length > 0) {
    await progress.step(`load ${missing.length} image(s) into ${count} node(s)`, (report) =>
      loadImages(nodes, missing, report, signal),
    );
  }
  const context = await renderContext(kube, topology, images, frame.runId);
  await progress.step(`install ${cni.name} ${cni.version}`, async (report) => {
    report('rendering');
    const objects = await renderProduct(cni, context, renderTools());
    report(`${objects.length} objects`);
    await kube.applyAll(objects);
  });
  signal?.throwIfAborted();
  await progress.step('await nodes, CNI and DNS', async (report) => {
    const workloads = [...cni.readiness, ...systemWorkloads(topology.kubeProxyMode)];
    await untilNodesReady(kube, count, timeouts.nodesReadyMs, report);
    await untilWorkloadsReady(kube, workloads, timeouts.workloadReadyMs, report);
  });
  signal?.throwIfAborted();
  if (mesh !== undefined) await installMesh(mesh, kube, context, frame);
  return kube;
}

async function nodesOf(plan: Plan, topology: Topology, { signal }: RunFrame, report: (detail: string) => void) {
  const { name, network, kubeconfig } = plan;
  const kind = await hostTool('kind');
  await createNodes({ kind, name, network, kubeconfig, config: kindConfig(topology), signal, report });
}

async function renderContext(kube: Kube, topology: Topology, images: ImageSet, runId: string): Promise<RenderContext> {
  const [node] = await listNodes(kube);
  return {
    podCidrs: topology.podCidrs,
    serviceCidrs: topology.serviceCidrs,
    kubernetes: node?.status.nodeInfo.kubeletVersion ?? '',
    nodeMtu: await mtuOf(node?.metadata.name ?? ''),
    pullPolicy: images.source === 'source' ? 'Never' : 'IfNotPresent',
    labels: ownedLabels(runId),
  };
}

/** All nodes hang on one bridge, so one node's MTU is everyone's. */
async function mtuOf(node: string): Promise<number | undefined> {
  const { code, stdout } = await execInNode(node, ['cat', '/sys/class/net/eth0/mtu'], {
    timeoutMs: timeoutsInForce().nodeCommandMs,
  });
  return code === 0 ? Number(stdout.trim()) : undefined;
}

async function installMesh(mesh: Mesh, kube: Kube, context: RenderContext, frame: RunFrame): Promise<void> {
  const { progress, timeouts } = frame;
  await progress.step(`install ${mesh.name} ${mesh.version}`, async (report) => {
    report('rendering');
    const objects = await renderProduct(mesh, context, renderTools());
    report(`${objects.length} objects`);
    await kube.applyAll(objects);
    await untilWorkloadsReady(kube, mesh.readiness, timeouts.workloadReadyMs, report);
  });
}
