import { timeoutsInForce } from '../../base/timeouts.ts';
import { OrdealError } from '../../base/errors.ts';
import type { SetImage } from '../../images/ensure.ts';
import type { StepReport } from '../../base/progress.ts';
import { docker } from '../../node/docker.ts';

const importArgs = ['ctr', '--namespace=k8s.io', 'images', 'import', '--all-platforms', '--digests', '-'];

/** Returns the images that are not in the node image already. */
export function imagesToLoad(images: readonly SetImage[]): { reference: string; archive: string }[] {
  return images.flatMap(({ reference, inNode, archive }) =>
    inNode || archive === undefined ? [] : [{ reference, archive }],
  );
}

/**
 * Streams image archives into all nodes: nodes in parallel, images of one node in turn, since a node's containerd
 * unpacks one layer at a time anyway. @throws OrdealError CLUSTER naming image and node.
 */
export async function loadImages(
  nodes: readonly string[],
  images: readonly { reference: string; archive: string }[],
  report: StepReport,
  signal?: AbortSignal,
): Promise<void> {
  let loaded = 0;
  const all = nodes.length * images.length;
  await Promise.all(
    nodes.map(async (node) => {
      for (const { reference, archive } of images) {
        await importImage(node, reference, archive, signal);
        loaded += 1;
        report(`${loaded}/${all}: ${reference} on ${node}`);
      }
    }),
  );
}

async function importImage(node: string, reference: string, archive: string, signal?: AbortSignal): Promise<void> {
  const options = { stdinFile: archive, timeoutMs: timeoutsInForce().imageImportMs, signal };
  const { code, stderr } = await docker(['exec', '--interactive', node, ...importArgs], options);
  if (code === 0) return;
  throw new OrdealError('CLUSTER', `image ${reference} could not be loaded into ${node}: ${stderr.trim().slice(-300)}`);
}
